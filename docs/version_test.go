package docs_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/golodger/lodger/guest"
)

func TestVersionIsTheNewestOfTheChangelog(t *testing.T) {
	changelog, err := os.ReadFile("../CHANGELOG.md")
	require.NoError(t, err)
	newest := regexp.MustCompile(`(?m)^## (\d\S*)`).FindSubmatch(changelog)
	require.NotNil(t, newest)
	require.Equal(t, "v"+string(newest[1]), guest.Version)
}
