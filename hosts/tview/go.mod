module github.com/golodger/lodger/hosts/tview

go 1.25.0

require (
	github.com/gdamore/tcell/v2 v2.13.10
	github.com/golodger/lodger v0.0.0
	github.com/rivo/tview v0.42.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/gdamore/encoding v1.0.1 // indirect
	github.com/lucasb-eyer/go-colorful v1.3.0 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.38.0 // indirect
	golang.org/x/term v0.37.0 // indirect
	golang.org/x/text v0.31.0 // indirect
)

replace github.com/golodger/lodger => ../..
