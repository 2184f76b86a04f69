package guest

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVersionIsTheNewestOfTheChangelog(t *testing.T) {
	changelog, err := os.ReadFile("../CHANGELOG.md")
	require.NoError(t, err)
	newest := regexp.MustCompile(`(?m)^## (\d\S*)`).FindSubmatch(changelog)
	require.NotNil(t, newest)
	require.Equal(t, "v"+string(newest[1]), Version)
}
