package gateway_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
)

// Long answers and long uploads must flow while they are being made, in both directions at once.
func TestBodiesStreamBothWays(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		w.WriteHeader(200)
		lines := bufio.NewScanner(r.Body)
		for lines.Scan() { // answers each line before the next one comes
			io.WriteString(w, "echo "+lines.Text()+"\n")
			w.(http.Flusher).Flush()
		}
	}, nil)
	read, write := io.Pipe()
	// The first line is on its way before the answer's headers can be.
	go io.WriteString(write, "0\n")
	res, err := d.client().Do(d.request("POST", "/items", read))
	if err != nil {
		t.Fatal(err)
	}
	answer := bufio.NewReader(res.Body)
	for i := range 20 {
		if i > 0 {
			io.WriteString(write, strconv.Itoa(i)+"\n")
		}
		line, err := answer.ReadString('\n')
		if err != nil || line != "echo "+strconv.Itoa(i)+"\n" {
			t.Fatalf("line %d: %q, %v", i, line, err)
		}
	}
	write.Close()
	if rest, err := io.ReadAll(answer); err != nil || len(rest) != 0 {
		t.Errorf("%q, %v", rest, err)
	}
	d.ended()
	d.expect("settle 200")
}

// Headers must arrive before the first byte of the body is there.
func TestHeadersDoNotWaitForTheBody(t *testing.T) {
	more := make(chan struct{})
	d := open(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4")
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		<-more
		io.WriteString(w, "late")
	}, nil)
	res, err := d.client().Do(d.request("GET", "/items", nil))
	if err != nil {
		t.Fatal(err)
	}
	close(more)
	if got := d.read(res); got.body != "late" {
		t.Error(got.body)
	}
}

// An announced body that is too large is refused before anything is held, and before it is sent.
func TestTooLargeBodyIsRefusedBeforeTheHold(t *testing.T) {
	d := open(t, func(http.ResponseWriter, *http.Request) {}, func(_ *gateway.Config, api *pontage.API) { api.MaxBody = 1000 })
	c := dial(t, d)
	io.WriteString(c, "POST /apis/"+apiHost+"/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+goodBearer+
		"\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n")
	got := d.read(response(t, c))
	if got.StatusCode != 413 || got.envelope.Code != pontage.TooLarge || !got.Close {
		t.Errorf("%d %s, close %v", got.StatusCode, got.body, got.Close)
	}
	if len(d.meter.attempts) != 0 {
		t.Error("it was reserved")
	}
	if got := d.do(d.request("POST", "/items", bytes.NewReader(make([]byte, 1000)))); got.StatusCode != 200 {
		t.Errorf("a body of exactly the limit: %d %s", got.StatusCode, got.body)
	}
}

// A body without a length is cut at the limit; the upstream never gets all of it, the partner gets 413 and pays nothing.
func TestEndlessBodyIsCutAndReleased(t *testing.T) {
	most := make(chan int64, 1)
	d := open(t, func(_ http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err == nil && n > 0 {
			t.Error("the upstream took the cut body for a whole one")
		}
		most <- n
	}, func(_ *gateway.Config, api *pontage.API) { api.MaxBody = 1000 })
	got := d.do(d.request("POST", "/items", struct{ io.Reader }{io.LimitReader(zeros{}, 1<<20)}))
	if got.StatusCode != 413 || got.Header.Get("Pontage-Charged") != "0" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if n := <-most; n > 1000 {
		t.Errorf("%d bytes went upstream", n)
	}
	d.ended()
	d.expect("give back 0 too_large")
	exact := d.do(d.request("POST", "/items", struct{ io.Reader }{strings.NewReader("")}))
	if exact.StatusCode != 200 {
		t.Errorf("an empty body in chunks: %d %s", exact.StatusCode, exact.body)
	}
	<-most
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// A partner who waits for 100 Continue must not be asked for the body of a call that is refused.
func TestBodyIsNotAskedForBeforeTheDecision(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }, nil)
	head := "POST /apis/" + apiHost + "/items HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\nAuthorization: Bearer "
	refused := dial(t, d)
	io.WriteString(refused, head+"pt_live_bad\r\n\r\n")
	if got := response(t, refused); got.StatusCode != 401 {
		t.Errorf("%d", got.StatusCode)
	}
	paid := dial(t, d)
	io.WriteString(paid, head+goodBearer+"\r\n\r\n")
	lines := bufio.NewReader(paid)
	if line, err := lines.ReadString('\n'); line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("%q, %v", line, err)
	}
	lines.ReadString('\n')
	io.WriteString(paid, "body")
	res, err := http.ReadResponse(lines, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.read(res); got.StatusCode != 200 || got.body != "body" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

// A partner who stops reading must not hold a connection for good; one who reads slowly but reads may take as long as it takes.
func TestStalledReaderIsLetGo(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	}, func(c *gateway.Config, _ *pontage.API) { c.IdleTimeout = 100 * time.Millisecond })
	c := dial(t, d)
	io.WriteString(c, "GET /apis/"+apiHost+"/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+goodBearer+"\r\n\r\n")
	d.ended() // without ever reading
	d.expect("settle 200")
	if !strings.Contains(d.log.String(), `"delivered":false`) {
		t.Error(d.log.String())
	}
}

// A partner whose answer is complete may not keep the call open by never finishing an upload nobody wants.
func TestUnwantedUploadIsLetGo(t *testing.T) {
	address := rawUpstream(t, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nenough")
	d := open(t, nil, func(c *gateway.Config, api *pontage.API) {
		c.IdleTimeout, api.Upstream = 100*time.Millisecond, "http://"+address
	})
	c := dial(t, d)
	io.WriteString(c, "POST /apis/"+apiHost+"/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+goodBearer+"\r\nContent-Length: 100\r\n\r\nhalf")
	got := d.read(response(t, c))
	if got.StatusCode != 200 || got.body != "enough" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	d.ended()
	d.expect("settle 200")
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the connection is still there: %v", err)
	}
}
