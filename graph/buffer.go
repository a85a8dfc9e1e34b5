package graph

import (
	"bytes"
	"compress/gzip"
	"sync"
)

// maxKeptBuffer bounds what one rare large answer may hold on to, in bytes.
const maxKeptBuffer = 256 << 10

// Answers are written in memory that goes round: a page of a list would grow a fresh buffer a dozen times, and a fresh packer has a
// megabyte of tables.
var (
	buffers = sync.Pool{New: func() any { return &bytes.Buffer{} }}
	packers = sync.Pool{New: func() any {
		z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one of those there are
		return z
	}}
)

func takeBuffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

func giveBuffer(b *bytes.Buffer) {
	if b.Cap() <= maxKeptBuffer {
		b.Reset()
		buffers.Put(b)
	}
}

// pack compresses a body.
func pack(out *bytes.Buffer, body []byte) {
	z := packers.Get().(*gzip.Writer)
	z.Reset(out)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	packers.Put(z)
}
