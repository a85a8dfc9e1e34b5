//go:build !linux

package pgtest

import (
	"context"
	"errors"
)

// Kill needs Linux, where the processes of a server can be listed.
func (c *Cluster) Kill(context.Context) error {
	return errors.New("pgtest: to kill a server needs Linux")
}
