package wire

import "encoding/json"

// room is how many bytes of one list a message has at the most. NATS takes a megabyte.
const room = 300_000

// Cut cuts a list into parts that a message has room for. There is one part at least.
func Cut[T any](list []T) [][]T {
	parts, bytes, begin := [][]T(nil), 0, 0
	for i := range list {
		text, _ := json.Marshal(&list[i]) // all that is sent can be marshalled
		if bytes += len(text); bytes > room && i > begin {
			parts, bytes, begin = append(parts, list[begin:i]), len(text), i
		}
	}
	return append(parts, list[begin:])
}
