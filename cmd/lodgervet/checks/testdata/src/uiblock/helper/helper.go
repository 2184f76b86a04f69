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

func Filled() chan int {
	ch := make(chan int, 2)
	ch <- 1
	return ch
}
