package fynetest

import (
	"strings"

	"fyne.io/fyne/v2"
)

// A menuItem is an item of a window's main menu, which the test driver does not draw.
type menuItem struct {
	*fyne.MenuItem
	path string // the names of the menus that it is in
}

// menuItems lists the items of a main menu that can be chosen.
func menuItems(main *fyne.MainMenu) (list []menuItem) {
	if main == nil {
		return nil
	}
	for _, menu := range main.Items {
		list = appendItems(list, menu, menu.Label)
	}
	return list
}

func appendItems(list []menuItem, menu *fyne.Menu, path string) []menuItem {
	for _, item := range menu.Items {
		switch {
		case item.IsSeparator:
		case item.ChildMenu != nil:
			list = appendItems(list, item.ChildMenu, path+" > "+item.Label)
		default:
			list = append(list, menuItem{item, path})
		}
	}
	return list
}

// itemsOf returns the items with this text.
func itemsOf(main *fyne.MainMenu, text string) (found []menuItem) {
	for _, item := range menuItems(main) {
		if strings.TrimSpace(item.Label) == strings.TrimSpace(text) {
			found = append(found, item)
		}
	}
	return found
}

// run returns a function that chooses the item, or the reason why that is not possible.
func (m menuItem) run() (do func(), why string) {
	if m.Disabled {
		return nil, "it is disabled"
	}
	if m.Action == nil {
		return func() {}, ""
	}
	return m.Action, ""
}

func (m menuItem) String() string {
	text := "menu " + m.path + " > " + m.Label
	if m.Checked {
		text += ", on"
	}
	if m.Disabled {
		text += ", disabled"
	}
	return text
}
