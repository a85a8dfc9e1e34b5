package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
)

// answer is an upstream's body on its way to the partner; it remembers whether the upstream broke it off.
type answer struct {
	body io.ReadCloser
	res  *http.Response
	call *call
	err  error
}

func (a *answer) Read(p []byte) (int, error) {
	n, err := a.body.Read(p)
	if err == io.EOF {
		toPartner.strip(a.res.Trailer)
	} else if err != nil {
		a.err = err
		a.call.w.Flush() // the partner is to see that an answer began
	}
	return n, err
}

func (a *answer) Close() error {
	err := a.body.Close()
	toPartner.strip(a.res.Trailer)
	return err
}

// broke says whether the upstream failed in the middle. Where the partner hung up, or broke its own upload off, it did not.
func (a *answer) broke() bool {
	if a.err == nil || errors.Is(context.Cause(a.call.ctx), errPartnerGone) {
		return false
	}
	return a.call.upload == nil || a.call.upload.failure() == uploadFine
}

// buffers are shared by all answers that are being copied.
type buffers struct{}

const bufferSize = 32 << 10

var bufferPool = sync.Pool{New: func() any { return new([bufferSize]byte) }}

func (buffers) Get() []byte  { return bufferPool.Get().(*[bufferSize]byte)[:] }
func (buffers) Put(b []byte) { bufferPool.Put((*[bufferSize]byte)(b)) }
