package wire

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Ask puts a job into the queue. Any goroutine except the UI thread. Waits until the queue has it.
func (l *Link) Ask(ctx context.Context, j Job) error {
	return l.publish(ctx, "fleet.work."+token(j.Share)+"."+j.Run, j.Run+"/"+j.ID, j)
}

// A Queue gives an agent the jobs of a share.
type Queue struct {
	link     *Link
	share    string
	consumer jetstream.Consumer
	options  []jetstream.FetchOpt
}

// Queue opens the queue of a share. A standby gets only jobs that no other agent waits for. Any
// goroutine. Waits.
func (l *Link) Queue(ctx context.Context, share string, standby bool) (*Queue, error) {
	priority := uint8(0)
	if standby {
		priority = 1
	}
	q := &Queue{link: l, share: token(share), options: []jetstream.FetchOpt{jetstream.FetchPriorityGroup(Readers),
		jetstream.FetchPrioritized(priority), jetstream.FetchHeartbeat(heartbeat)}}
	return q, q.open(ctx)
}

func (q *Queue) open(ctx context.Context) (err error) {
	q.consumer, err = untilServed(ctx, q.link, consumerTime, func(ctx context.Context) (jetstream.Consumer, error) {
		return q.link.work.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
			Durable:        q.share,
			FilterSubject:  "fleet.work." + q.share + ".*",
			AckPolicy:      jetstream.AckExplicitPolicy,
			AckWait:        q.link.AckWait,
			MaxAckPending:  -1,
			PriorityPolicy: jetstream.PriorityPolicyPrioritized,
			PriorityGroups: []string{Readers},
		})
	})
	return err
}

// heartbeat is how often a server confirms that it knows a request. If two confirmations are
// missing, the request was lost with a server, and is made again.
const heartbeat = 2 * time.Second

// A Task is a job that was taken out of the queue. It stays out as long as Busy is called often
// enough.
type Task struct {
	Job
	Try int // how many agents have tried it, including this one
	msg jetstream.Msg
}

// Take waits for a job. Its error may be temporary. Any goroutine, one at a time. Waits.
func (q *Queue) Take(ctx context.Context) (*Task, error) {
	// repeats a lost request
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	msg, err := q.consumer.Next(append(q.options, jetstream.FetchContext(ctx))...)
	if isGone(err) {
		err = cmp.Or(q.open(ctx), err)
	}
	if err != nil {
		return nil, err
	}
	t := &Task{Try: 1, msg: msg}
	if meta, err := msg.Metadata(); err == nil {
		t.Try = int(meta.NumDelivered)
	}
	if err := json.Unmarshal(msg.Data(), &t.Job); err != nil {
		return nil, fmt.Errorf("fleet: a job that cannot be read: %w", errJoin(err, msg.Term()))
	}
	return t, nil
}

func errJoin(err, also error) error {
	if also != nil {
		return fmt.Errorf("%w; %w", err, also)
	}
	return err
}

// Busy reports that the job makes progress. Never waits.
func (t *Task) Busy() error { return t.msg.InProgress() }

// Done removes the job from the queue. Never waits.
func (t *Task) Done() error { return t.msg.Ack() }
