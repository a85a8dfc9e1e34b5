package storage

import (
	"context"
	"database/sql"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"
)

const (
	// commitsPerCheckpoint is how much is written before it is moved, checkpointEvery how long less than that waits.
	commitsPerCheckpoint = 100
	checkpointEvery      = time.Second
	// pagesKept is from how many pages of 4 KiB on the writer begins the log anew.
	pagesKept = 8000
)

const checkpoint = "PRAGMA wal_checkpoint(PASSIVE)"

// checkpointer moves what SQLite's write-ahead log holds into the database, beside the writer, who would otherwise stop for it. While
// the writer goes on there is always a rest that is not moved, so the log would grow for ever: once it is long, the writer moves that
// rest himself, which is little, and begins the log anew.
type checkpointer struct {
	pool *bun.DB
	// conn is opened once there is something to move: processes that start together have enough to wait for each other.
	conn *sql.Conn
	log  *slog.Logger
	// commits are counted by the writer alone.
	commits int
	written atomic.Bool
	wake    chan struct{}
	// long asks the writer to move the rest; failed is a sync that failed here and must stop him.
	long   atomic.Bool
	failed atomic.Pointer[error]

	stop  context.CancelFunc
	ended chan struct{}
}

func newCheckpointer(pool *bun.DB, log *slog.Logger) *checkpointer {
	running, stop := context.WithCancel(context.Background())
	c := &checkpointer{pool: pool, log: log, wake: make(chan struct{}, 1), stop: stop, ended: make(chan struct{})}
	go c.loop(running)
	return c
}

// close waits until nothing is moved any more.
func (c *checkpointer) close() {
	c.stop()
	<-c.ended
	if c.conn != nil {
		_ = c.conn.Close()
	}
}

// wrote follows each commit of the writer.
func (c *checkpointer) wrote() {
	c.written.Store(true)
	if c.commits++; c.commits < commitsPerCheckpoint {
		return
	}
	c.commits = 0
	select {
	case c.wake <- struct{}{}:
	default: // it is about to look anyway
	}
}

func (c *checkpointer) loop(ctx context.Context) {
	defer close(c.ended)
	ticker := time.NewTicker(checkpointEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-ticker.C:
		}
		if c.written.Swap(false) {
			c.move()
		}
	}
}

// move is not interrupted: it is over soon, and its syncs must be seen through.
func (c *checkpointer) move() {
	pages, err := 0, error(nil)
	if c.conn == nil {
		c.conn, err = c.pool.DB.Conn(context.Background())
	}
	if err == nil {
		pages, err = moveLog(c.conn)
	}
	if err != nil {
		c.log.Warn("could not move the write-ahead log into the database", "error", err)
		if isSyncFailure(err) {
			c.failed.Store(&err)
		}
	}
	if pages >= pagesKept {
		c.long.Store(true)
	}
}

// moveLog runs a checkpoint and says how many pages the log has. One that another connection runs is as good.
func moveLog(conn *sql.Conn) (pages int, err error) {
	var busy, moved int
	err = conn.QueryRowContext(context.Background(), checkpoint).Scan(&busy, &pages, &moved)
	return pages, err
}
