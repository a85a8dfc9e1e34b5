package pontage

import "time"

// Clock tells the time; every constructor that needs it takes one. Tests and the sandbox give their own.
type Clock func() time.Time

// Now gives the clock's time in UTC, cut to microseconds, the precision the stores keep.
func (c Clock) Now() time.Time { return c().UTC().Truncate(time.Microsecond) }
