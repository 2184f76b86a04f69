package wire

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Answer publishes the answer to a job of a run. Any goroutine. Waits until it is in the stream.
func (l *Link) Answer(ctx context.Context, run string, a Answer) error {
	return l.publish(ctx, "fleet.answer."+run, fmt.Sprint(run, "/", a.Job, "/", a.Try, "/", a.Part), a)
}

// Answers calls heard with each answer of a run, one after another and in order, on a goroutine
// of the NATS client, until stop is called. While heard waits, the servers keep the rest. Any
// goroutine. Waits.
func (l *Link) Answers(ctx context.Context, run string, heard func(Answer)) (stop func(), err error) {
	consumer, err := l.js.OrderedConsumer(ctx, answersStream, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{"fleet.answer." + run},
	})
	if err != nil {
		return nil, err
	}
	consuming, err := consumer.Consume(func(msg jetstream.Msg) {
		var a Answer
		if json.Unmarshal(msg.Data(), &a) == nil { // ignore messages of other versions
			heard(a)
		}
	}, jetstream.PullMaxMessages(64))
	if err != nil {
		return nil, err
	}
	return consuming.Stop, nil
}
