package helper

import (
	"net/http"
	"time"
)

func Fetch(url string) error {
	_, err := http.Get(url)
	return err
}

func Quick(url string) string { return url + time.Now().String() }

func Later() {
	go func() { time.Sleep(time.Second) }()
}
