package wire

import "encoding/json"

// room is the maximum number of bytes of a list in one message. NATS allows a megabyte per
// message.
const room = 300_000

// Cut splits a list into parts that fit into a message. There is at least one part.
func Cut[T any](list []T) [][]T {
	parts, bytes, begin := [][]T(nil), 0, 0
	for i := range list {
		text, _ := json.Marshal(&list[i]) // all message types can be marshalled
		if bytes += len(text); bytes > room && i > begin {
			parts, bytes, begin = append(parts, list[begin:i]), len(text), i
		}
	}
	return append(parts, list[begin:])
}
