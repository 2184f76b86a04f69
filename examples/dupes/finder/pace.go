package finder

import (
	"math"
	"time"
)

// A pace measures how fast a number grows, smoothed over the last seconds, so that a user can
// read it.
type pace struct {
	when   time.Time
	amount float64
	sum    float64 // weighted sum of the speeds seen
	// sum of the weights; below 1 while the pace is young, so that the first seconds are not
	// too slow
	weight float64
}

const smoothing = 3 * time.Second

// at reports the current number.
func (p *pace) at(now time.Time, amount float64) {
	if p.when.IsZero() {
		p.when, p.amount = now, amount
		return
	}
	passed := now.Sub(p.when)
	if passed <= 0 {
		return
	}
	keep := math.Exp(-passed.Seconds() / smoothing.Seconds())
	p.sum = p.sum*keep + (amount-p.amount)/passed.Seconds()*(1-keep)
	p.weight = p.weight*keep + 1 - keep
	p.when, p.amount = now, amount
}

// perSecond returns the speed, or 0 while it is unknown.
func (p *pace) perSecond() float64 {
	if p.weight == 0 {
		return 0
	}
	return p.sum / p.weight
}

// left returns how long the rest will take at this pace, or false if that is unknown.
func (p *pace) left(rest float64) (time.Duration, bool) {
	seconds := rest / p.perSecond()
	if !(seconds >= 0 && seconds < 1e8) { // three years; also catches what is no number
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}
