//go:build !linux

package pgtest

import (
	"context"
	"errors"
	"time"
)

// Kill needs Linux, where the processes of a server can be listed.
func (c *Cluster) Kill(context.Context) error {
	return errors.New("pgtest: to kill a server needs Linux")
}

// Processor is 0 where there is no /proc.
func (c *Cluster) Processor() time.Duration { return 0 }
