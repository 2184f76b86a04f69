package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Answer publishes the answer to a job of a run. Any goroutine. Waits until it is in the stream.
func (l *Link) Answer(ctx context.Context, run string, a Answer) error {
	return l.publish(ctx, "fleet.answer."+run, fmt.Sprint(run, "/", a.Job, "/", a.Try, "/", a.Part), a)
}

// Answers calls heard with each answer of a run, one after another, on a goroutine of the
// client library, until stop is called. stop never waits. While heard waits, the servers keep
// the other answers. An answer that was on its way when a connection broke comes again. lost is
// called when the servers have lost the answers. Any goroutine. Waits until it has begun.
func (l *Link) Answers(ctx context.Context, run string, heard func(Answer), lost func()) (stop func(), err error) {
	consumer, err := untilServed(ctx, l, consumerTime, func(ctx context.Context) (jetstream.Consumer, error) {
		return l.answers.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
			// on as many servers as the stream: a consumer on one server is lost with it
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
		if json.Unmarshal(msg.Data(), &a) == nil { // ignore messages of other versions
			heard(a)
		}
		_ = msg.Ack() // if this fails, the answer comes again, and changes nothing
	}, jetstream.PullMaxMessages(64), jetstream.PullHeartbeat(heartbeat), jetstream.ConsumeErrHandler(whenLost(consumer, lost)))
	if err != nil {
		return nil, err
	}
	return consuming.Stop, nil
}

// whenLost calls lost when the consumer no longer exists. The library itself would go on asking
// for it.
func whenLost(consumer jetstream.Consumer, lost func()) func(jetstream.ConsumeContext, error) {
	return func(_ jetstream.ConsumeContext, err error) {
		if !isGone(err) {
			return
		}
		go func() { // lost may wait, and this is the library's goroutine
			ctx, cancel := context.WithTimeout(context.Background(), consumerTime)
			defer cancel()
			_, err := consumer.Info(ctx)
			if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
				lost()
			}
		}()
	}
}

// forget deletes the answers of a run that is over.
func (l *Link) forget(ctx context.Context, run string) error {
	_, err := untilServed(ctx, l, consumerTime, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, ignoring(jetstream.ErrConsumerNotFound, l.answers.DeleteConsumer(ctx, run))
	})
	if err != nil {
		return err
	}
	return l.DropAnswers(ctx, run)
}

// DropAnswers deletes the answers of a run that is over. An agent that has answered calls it
// when it learns of the end, because its last answer may have come after that. Any goroutine.
// Waits.
func (l *Link) DropAnswers(ctx context.Context, run string) error {
	return l.purge(ctx, l.answers, "fleet.answer."+run)
}
