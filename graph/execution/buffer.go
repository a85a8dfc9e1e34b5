package execution

import (
	"bytes"
	"context"
)

type bufferKey struct{}

// WithBuffer says where the answer to the operation is written.
func WithBuffer(ctx context.Context, b *bytes.Buffer) context.Context {
	return context.WithValue(ctx, bufferKey{}, b)
}

// Buffer is the one of WithBuffer; without one it is new.
func Buffer(ctx context.Context) *bytes.Buffer {
	if b, ok := ctx.Value(bufferKey{}).(*bytes.Buffer); ok {
		return b
	}
	return &bytes.Buffer{}
}
