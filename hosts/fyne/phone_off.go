//go:build !mobile && !android && !ios

package fynehost

// onPhone says that Fyne is built with its driver for phones.
const onPhone = false
