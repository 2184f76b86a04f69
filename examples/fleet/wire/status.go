package wire

import (
	"encoding/json"

	"github.com/nats-io/nats.go"
)

// Tell says what an agent does, to all who listen. Any goroutine. Never waits.
func (l *Link) Tell(s Status) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return l.Conn.Publish("fleet.status."+token(s.Agent), text)
}

// Statuses calls heard with what agents say, one after another, on a goroutine of the client
// library, until stop. If heard is too slow for them, some get lost. Any goroutine. Never waits.
func (l *Link) Statuses(heard func(Status)) (stop func(), err error) {
	sub, err := l.Conn.Subscribe("fleet.status.*", func(msg *nats.Msg) {
		var s Status
		if json.Unmarshal(msg.Data, &s) == nil {
			heard(s)
		}
	})
	if err != nil {
		return nil, err
	}
	return func() { _ = sub.Unsubscribe() }, nil
}
