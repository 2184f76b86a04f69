package wire

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Answer says what has come of a job of a run. Any goroutine. Waits until it is in the stream.
func (l *Link) Answer(ctx context.Context, run string, a Answer) error {
	return l.publish(ctx, "fleet.answer."+run, fmt.Sprint(run, "/", a.Job, "/", a.Try, "/", a.Part), a)
}

// Answers calls heard with each answer of a run, one after another, on a goroutine of the client
// library, until stop, which never waits. While heard waits the servers keep the rest. One that
// was on the way when a connection broke comes again. Any goroutine. Waits until it has begun.
func (l *Link) Answers(ctx context.Context, run string, heard func(Answer)) (stop func(), err error) {
	consumer, err := untilServed(ctx, consumerTime, func(ctx context.Context) (jetstream.Consumer, error) {
		return l.answers.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
			// on as many servers as the stream: one that is on a single server is lost with it
			Durable:           run,
			FilterSubject:     "fleet.answer." + run,
			AckPolicy:         jetstream.AckExplicitPolicy,
			InactiveThreshold: keep,
		})
	})
	if err != nil {
		return nil, err
	}
	consuming, err := consumer.Consume(func(msg jetstream.Msg) {
		var a Answer
		if json.Unmarshal(msg.Data(), &a) == nil { // it is ours, or not for us
			heard(a)
		}
		_ = msg.Ack() // or it comes again, and changes nothing
	}, jetstream.PullMaxMessages(64), jetstream.PullHeartbeat(heartbeat))
	if err != nil {
		return nil, err
	}
	return consuming.Stop, nil
}

// forget clears away the answers of a run that is over.
func (l *Link) forget(ctx context.Context, run string) error {
	_, err := untilServed(ctx, consumerTime, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, ignoring(jetstream.ErrConsumerNotFound, l.answers.DeleteConsumer(ctx, run))
	})
	if err != nil {
		return err
	}
	return purge(ctx, l.answers, "fleet.answer."+run)
}
