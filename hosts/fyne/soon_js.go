package fynehost

import "github.com/golodger/lodger/hosts/internal/page"

// soon has the page call a function. Fyne's loop takes all that is posted without a pause, and in
// a page nothing else goes on until it has one.
var soon = page.Soon
