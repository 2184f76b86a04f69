package fynehost

import "github.com/golodger/lodger/hosts/internal/page"

// soon lets the page call a function. Fyne's loop takes all posts without a pause, and nothing
// else in a page goes on until the loop pauses.
var soon = page.Soon
