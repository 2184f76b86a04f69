package main

import _ "fyne.io/fyne/v2"
import _ "github.com/stretchr/testify/require"

func main() {}
