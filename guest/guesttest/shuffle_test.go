package guesttest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReplayNamesThePackageOfTheTest(t *testing.T) {
	for function, path := range map[string]string{
		"search.TestTyping":                                "search",
		"search_test.TestTyping.func1":                     "search",
		"search/store.TestSave":                            "search/store",
		"example.org/search_test.TestTyping.func1":         "example.org/search",
		"example%2eorg.TestTyping":                         "example.org",
		"example.org/search%2ev2.TestTyping":               "example.org/search.v2",
		"github.com/user/search/v2.(*suite).TestTyping-fm": "github.com/user/search/v2",
		"command-line-arguments.TestTyping":                ".",
		"command-line-arguments_test.TestTyping":           ".",
		"":                                                 ".",
	} {
		require.Equal(t, path, pathOf(function), function)
	}
}
