package fyne

type CanvasObject interface {
	Refresh()
	Show()
	Hide()
}

type Window interface {
	SetContent(CanvasObject)
	SetTitle(string)
	Show()
	Close()
	SetOnClosed(func())
}

type App interface {
	NewWindow(title string) Window
	Quit()
	Run()
}

type Container struct{ Objects []CanvasObject }

func (c *Container) Add(o CanvasObject) {}
func (c *Container) Refresh()           {}
func (c *Container) Show()              {}
func (c *Container) Hide()              {}

type PointEvent struct{}

type Lifecycle interface {
	SetOnStarted(func())
	SetOnStopped(func())
}

func Do(fn func())        {}
func DoAndWait(fn func()) {}
func CurrentApp() App     { return nil }
