package storagetest

import (
	"sync"
	"time"
)

// MovingClock is a clock that a test moves. It is safe for concurrent use.
type MovingClock struct {
	mu  sync.Mutex
	now time.Time
}

// NewMovingClock makes a clock that stands at the given time.
func NewMovingClock(at time.Time) *MovingClock { return &MovingClock{now: at} }

// Now gives the time; the method is a pontage.Clock.
func (c *MovingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on.
func (c *MovingClock) Advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}
