package gateway

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// uploadFailure is how the partner's side of a body failed.
type uploadFailure int32

const (
	uploadFine     uploadFailure = iota
	uploadTooLarge               // it is longer than allowed; known only now because it came without a length
	uploadLate                   // the partner stopped sending for longer than the idle time-out, or until the header time-out
	uploadBroken                 // the partner hung up, or its chunks are malformed
)

// maxDrain and maxLinger bound what is read of a body nobody wants any more.
const (
	maxDrain  = 256 << 10
	maxLinger = 500 * time.Millisecond
)

var (
	errUploadOver  = errors.New("the request's body is no longer wanted")
	errUploadLarge = errors.New("the request's body is too large")
)

// upload is a partner's body on its way to the upstream: bounded in size, and in the time of each read. The transport may read it
// while the answer is already being delivered, and even after; finish ends that.
type upload struct {
	body   io.Reader
	w      *patientWriter
	watch  watch
	failed atomic.Int32
	over   atomic.Bool
	late   atomic.Bool
	whole  atomic.Bool // the end was read

	mu   sync.Mutex // held while the partner is read from
	left int64
}

func newUpload(body io.Reader, w *patientWriter, limit int64) *upload {
	u := &upload{body: body, w: w, left: limit}
	u.watch = newWatch(w.idle, func() {
		u.late.Store(true)
		w.cutRead()
	})
	return u
}

// Read gives at most as much as is left, and looks one byte further to know that nothing follows.
func (u *upload) Read(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.over.Load() {
		return 0, errUploadOver
	}
	if u.whole.Load() {
		return 0, io.EOF
	}
	if int64(len(p)) > u.left+1 {
		p = p[:u.left+1]
	}
	u.watch.start()
	n, err := u.body.Read(p)
	u.watch.stop()
	if int64(n) > u.left {
		u.failed.CompareAndSwap(0, int32(uploadTooLarge))
		n, u.left = int(u.left), 0
		return n, errUploadLarge
	}
	u.left -= int64(n)
	switch {
	case err == io.EOF:
		u.whole.Store(true)
	case err != nil && u.late.Load():
		u.failed.CompareAndSwap(0, int32(uploadLate))
	case err != nil && !u.over.Load():
		u.failed.CompareAndSwap(0, int32(uploadBroken))
	}
	return n, err
}

// Close is called by the transport; the body stays open for finish.
func (u *upload) Close() error { return nil }

// interrupt ends a read that is waiting for the partner, who is late then; a read that is not waiting is left alone.
func (u *upload) interrupt() {
	if !u.mu.TryLock() {
		u.late.Store(true)
		u.w.cutRead()
		return
	}
	u.mu.Unlock()
}

// finish ends all reading before the handler returns, so that the server gets the connection back, and reads a short rest that is
// on its way, so that the partner reads our answer before it notices that the connection is closed.
func (u *upload) finish() {
	u.over.Store(true)
	if !u.mu.TryLock() {
		u.w.cutRead()
		u.mu.Lock()
		u.w.control.SetReadDeadline(time.Time{})
	}
	defer u.mu.Unlock()
	if u.whole.Load() || u.failure() != uploadFine {
		return
	}
	linger := time.AfterFunc(min(u.w.idle, maxLinger), u.w.cutRead)
	defer linger.Stop()
	io.CopyN(io.Discard, u.body, maxDrain)
}

func (u *upload) failure() uploadFailure { return uploadFailure(u.failed.Load()) }
