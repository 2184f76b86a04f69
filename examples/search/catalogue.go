package search

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golodger/lodger/guest"
)

var errWildcard = errors.New("the server takes no wildcards")

// Catalogue simulates a server with books. It takes 1.6 seconds for one letter, and less for each
// further letter, so an older search often answers after a newer one. It fails for "*". It is a
// Query. In a task, or off the UI thread. Waits.
func Catalogue(ctx context.Context, text string) ([]string, error) {
	if err := guest.Sleep(ctx, 1600*time.Millisecond/time.Duration(max(1, len(text)))); err != nil {
		return nil, err
	}
	if strings.Contains(text, "*") {
		return nil, errWildcard
	}
	var found []string
	for _, title := range books {
		if strings.Contains(strings.ToLower(title), strings.ToLower(text)) {
			found = append(found, title)
		}
	}
	return found, nil
}

// String returns the number of hits, for a line above the titles.
func (h Hits) String() string {
	switch {
	case h.Text == "":
		return "Type part of a title."
	case len(h.Titles) == 1:
		return fmt.Sprintf("1 book for “%s”", h.Text)
	}
	return fmt.Sprintf("%d books for “%s”", len(h.Titles), h.Text)
}

var books = strings.Split(`A Room with a View
A Study in Scarlet
A Tale of Two Cities
Alice’s Adventures in Wonderland
Anna Karenina
Around the World in Eighty Days
Crime and Punishment
David Copperfield
Don Quixote
Dracula
Emma
Fathers and Sons
Frankenstein
Great Expectations
Gulliver’s Travels
Heart of Darkness
Jane Eyre
Journey to the Centre of the Earth
Kim
Little Women
Madame Bovary
Middlemarch
Moby-Dick
North and South
Oblomov
Oliver Twist
Persuasion
Pride and Prejudice
Robinson Crusoe
Sense and Sensibility
Silas Marner
The Age of Innocence
The Call of the Wild
The Count of Monte Cristo
The Hound of the Baskervilles
The House of the Seven Gables
The Idiot
The Invisible Man
The Island of Doctor Moreau
The Jungle Book
The Last of the Mohicans
The Moonstone
The Mysterious Island
The Picture of Dorian Gray
The Portrait of a Lady
The Red and the Black
The Scarlet Letter
The Sea-Wolf
The Secret Garden
The Three Musketeers
The Time Machine
The Turn of the Screw
The War of the Worlds
The Wind in the Willows
The Woman in White
Treasure Island
Twenty Thousand Leagues under the Sea
Vanity Fair
Walden
War and Peace
White Fang
Wuthering Heights`, "\n")
