package fynehost

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// disableBelow disables what is enabled in a tree of objects, and returns a function that
// enables exactly that again. It walks through Fyne's own widgets; it can't see inside widgets
// of other packages. UI thread only.
func disableBelow(root fyne.CanvasObject) (enable func()) {
	var list []fyne.Disableable
	walkDisableables(root, func(d fyne.Disableable) {
		if !d.Disabled() {
			d.Disable()
			list = append(list, d)
		}
	})
	return func() {
		for _, d := range list {
			d.Enable()
		}
	}
}

func walkDisableables(o fyne.CanvasObject, fn func(fyne.Disableable)) {
	if o == nil {
		return
	}
	if bar, ok := o.(*widget.Toolbar); ok {
		for _, item := range bar.Items {
			if d, ok := item.(fyne.Disableable); ok {
				fn(d)
			}
		}
	}
	if d, ok := o.(fyne.Disableable); ok {
		o.MinSize() // before this call a form has no buttons, and panics
		fn(d)
	}
	for _, child := range contentOf(o) {
		walkDisableables(child, fn)
	}
}

// contentOf returns the objects that the program has put into a container.
func contentOf(o fyne.CanvasObject) (list []fyne.CanvasObject) {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case *container.Clip:
		return []fyne.CanvasObject{o.Content}
	case *container.ThemeOverride:
		return []fyne.CanvasObject{o.Content}
	case *container.Split:
		return []fyne.CanvasObject{o.Leading, o.Trailing}
	case *container.AppTabs:
		return pages(o.Items)
	case *container.DocTabs:
		return pages(o.Items)
	case *widget.Entry:
		return []fyne.CanvasObject{o.ActionItem}
	case *widget.SelectEntry:
		return []fyne.CanvasObject{o.ActionItem}
	case *widget.Card:
		return []fyne.CanvasObject{o.Content}
	case *widget.Accordion:
		for _, item := range o.Items {
			list = append(list, item.Detail)
		}
	case *widget.Form:
		for _, item := range o.Items {
			list = append(list, item.Widget)
		}
	}
	return list
}

func pages(items []*container.TabItem) (list []fyne.CanvasObject) {
	for _, item := range items {
		list = append(list, item.Content)
	}
	return list
}
