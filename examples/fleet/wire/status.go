package wire

import (
	"encoding/json"

	"github.com/nats-io/nats.go"
)

// Tell publishes the status of an agent to all subscribers. Any goroutine. Never waits.
func (l *Link) Tell(s Status) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return l.Conn.Publish("fleet.status."+token(s.Agent), text)
}

// Statuses calls heard with the statuses of agents, one after another, on a goroutine of the NATS
// client, until stop is called. If heard is too slow, some statuses are lost. Any goroutine.
// Never waits.
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
