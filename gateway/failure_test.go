package gateway_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
)

// An upstream that answers 503 delivers its answer and costs nothing.
func TestUpstreamFailureIsDeliveredAndFree(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "out of order", http.StatusServiceUnavailable)
	}, nil)
	got := d.do(d.request("GET", "/items", nil))
	d.ended()
	if got.StatusCode != 503 || !strings.Contains(got.body, "out of order") || d.meter.left() != 100*price {
		t.Errorf("%d %q, credit %s", got.StatusCode, got.body, d.meter.left())
	}
	d.expect("give back 503")
}

// An upstream that does not answer in time costs nothing, and the partner is told so after the API's own time-out.
func TestHeaderTimeOutIs504AndFree(t *testing.T) {
	stop := make(chan struct{})
	d := open(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}, func(_ *gateway.Config, api *pontage.API) { api.HeaderTimeout = 50 * time.Millisecond })
	defer close(stop)
	got := d.do(d.request("GET", "/items", nil))
	if got.StatusCode != 504 || got.envelope.Code != pontage.GatewayTimeout || got.Header.Get("Pontage-Charged") != "0" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	d.ended()
	d.expect("give back 0 gateway_timeout")
}

// An upstream nobody listens at, one that hangs up, and one that talks nonsense, are a 502 that costs nothing.
func TestNoConnectionIs502AndFree(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for name, say := range map[string]string{
		"refused": "", "hangs up": " ", "nonsense": "hello\r\n\r\n",
		"switches": "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
	} {
		address := gone.Addr().String()
		if say != "" {
			address = rawUpstream(t, say)
		}
		d := open(t, nil, func(_ *gateway.Config, api *pontage.API) { api.Upstream = "http://" + address })
		got := d.do(d.request("POST", "/items", strings.NewReader("body")))
		if got.StatusCode != 502 || got.envelope.Code != pontage.BadGateway {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
		d.ended()
		d.expect("give back 0 bad_gateway")
	}
}

// rawUpstream answers every connection with the same bytes and closes it.
func rawUpstream(t *testing.T, say string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				buffer := make([]byte, 4096)
				c.Read(buffer)
				io.WriteString(c, strings.TrimPrefix(say, " "))
			}()
		}
	}()
	return l.Addr().String()
}

// An answer that breaks off in the middle was charged at its headers; it must be given back, and must not look complete.
func TestBrokenAnswerIsRefundedAndAborted(t *testing.T) {
	for name, say := range map[string]string{
		"by length": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
		"by chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
	} {
		address := rawUpstream(t, say)
		d := open(t, nil, func(_ *gateway.Config, api *pontage.API) { api.Upstream = "http://" + address })
		res, err := d.client().Do(d.request("GET", "/items", nil))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if !errors.Is(err, io.ErrUnexpectedEOF) || string(body) != "half" {
			t.Errorf("%s: %q, %v", name, body, err)
		}
		if end := d.ended(); end.code != pontage.BadGateway || end.payer != pontage.PayerNone {
			t.Errorf("%s: %+v", name, end)
		}
		d.expect("settle 200", "give back 200 bad_gateway")
		if d.meter.left() != 100*price {
			t.Errorf("%s: credit %s", name, d.meter.left())
		}
	}
}

// An answer whose charge could not be written must not be delivered: not if it never was charged, nor if nobody knows.
func TestUnsettledAnswerIsNotDelivered(t *testing.T) {
	for name, charged := range map[string]bool{"it was not charged": false, "it was charged all the same": true} {
		d := open(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "secret answer") }, nil)
		d.meter.settle, d.meter.charged = pontage.E(pontage.Unavailable, "The database is away."), charged
		got := d.do(d.request("GET", "/items", nil))
		if got.StatusCode != 503 || got.envelope.Code != pontage.Unavailable || strings.Contains(got.body, "secret") {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
		d.ended()
		d.expect("settle 200", "give back 200 unavailable")
		if d.meter.left() != 100*price {
			t.Errorf("%s: credit %s", name, d.meter.left())
		}
	}
}

// speaking is an Upstream that says why it has no answer.
type speaking struct{}

func (speaking) RoundTrip(*pontage.Attempt, *http.Request) (*http.Response, error) {
	return nil, pontage.E(pontage.BadGateway, "The document has no answer.").Because(errors.New("secret"))
}

// Why a document cannot answer is what a developer in the sandbox needs to know.
func TestUpstreamsOwnReasonIsShown(t *testing.T) {
	d := open(t, nil, func(c *gateway.Config, _ *pontage.API) { c.Upstream = speaking{} })
	got := d.do(d.request("GET", "/items", nil))
	if got.StatusCode != 502 || got.envelope.Message != "The document has no answer." || strings.Contains(got.body, "secret") {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	d.ended()
	d.expect("give back 0 bad_gateway")
}

// panicking is an Upstream with a bug.
type panicking struct{}

func (panicking) RoundTrip(*pontage.Attempt, *http.Request) (*http.Response, error) {
	panic(http.ErrAbortHandler)
}

// A bug must not keep a partner's money.
func TestPanicReleases(t *testing.T) {
	d := open(t, nil, func(c *gateway.Config, _ *pontage.API) { c.Upstream = panicking{} })
	if _, err := d.client().Do(d.request("GET", "/items", nil)); err == nil {
		t.Error("an answer came")
	}
	d.ended()
	d.expect("give back 0 internal")
}

// A partner who hangs up after the upstream began to work pays: the upstream call and the settlement go on.
func TestHangingUpReleasesNothing(t *testing.T) {
	working, finish := make(chan struct{}), make(chan struct{})
	d := open(t, func(w http.ResponseWriter, r *http.Request) {
		close(working)
		select {
		case <-finish:
		case <-r.Context().Done():
			t.Error("the upstream call was given up with the partner")
		}
		io.WriteString(w, "done")
	}, nil)
	c := dial(t, d)
	io.WriteString(c, "GET /apis/"+apiHost+"/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+goodBearer+"\r\n\r\n")
	<-working
	c.Close()
	close(finish)
	if end := d.ended(); end.payer != pontage.PayerWallet {
		t.Errorf("%+v", end)
	}
	d.expect("settle 200")
}

// A partner who hangs up while the answer streams has paid; nothing is refunded, and the upstream is let go.
func TestHangingUpMidAnswerIsNotRefunded(t *testing.T) {
	gone := make(chan struct{})
	d := open(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("first"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(gone)
	}, nil)
	res, err := d.client().Do(d.request("GET", "/items", nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(res.Body, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	<-gone
	d.ended()
	d.expect("settle 200")
}

// A partner who stops in the middle of an upload releases nothing either: the upstream has worked on what it got.
func TestBrokenUploadReleasesNothing(t *testing.T) {
	got := make(chan struct{})
	d := open(t, func(_ http.ResponseWriter, r *http.Request) {
		io.ReadFull(r.Body, make([]byte, 4))
		close(got)
		io.Copy(io.Discard, r.Body)
	}, nil)
	c := dial(t, d)
	io.WriteString(c, "POST /apis/"+apiHost+"/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+goodBearer+"\r\nContent-Length: 100\r\n\r\nhalf")
	<-got
	c.Close()
	if end := d.ended(); end.payer != pontage.PayerWallet || end.code != pontage.InvalidInput {
		t.Errorf("%+v", end)
	}
	d.expect("settle 0")
}

// A partner who dawdles over an upload gets an answer within the time-out for headers, and pays nothing.
func TestSlowUploadEndsInTime(t *testing.T) {
	d := open(t, func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) },
		func(_ *gateway.Config, api *pontage.API) { api.HeaderTimeout = 50 * time.Millisecond })
	c := dial(t, d)
	io.WriteString(c, "POST /apis/"+apiHost+"/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+goodBearer+"\r\nContent-Length: 100\r\n\r\nhalf")
	got := d.read(response(t, c))
	if got.StatusCode != 400 || got.envelope.Code != pontage.InvalidInput || got.Header.Get("Pontage-Charged") != "0" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	d.ended()
	d.expect("give back 0 invalid_input")
}
