module github.com/golodger/lodger/hosts/glib

go 1.25.0

require (
	github.com/golodger/lodger v0.0.0
	github.com/stretchr/testify v1.12.1
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace github.com/golodger/lodger => ../..
