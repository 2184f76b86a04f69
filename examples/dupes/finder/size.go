package finder

import "fmt"

// Size formats a number of bytes for people, in steps of 1000: "999 B", "1.5 kB", "23 GB". Any
// goroutine.
func Size(bytes int64) string {
	if bytes < 1000 {
		return fmt.Sprint(bytes, " B")
	}
	value, unit := float64(bytes), -1
	for value >= 999.5 {
		value, unit = value/1000, unit+1
	}
	if value < 9.95 {
		return fmt.Sprintf("%.1f %cB", value, "kMGTPE"[unit])
	}
	return fmt.Sprintf("%.0f %cB", value, "kMGTPE"[unit])
}
