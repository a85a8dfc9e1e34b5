package gateway_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
)

// Partners who hang up, stall or never finish must leave nothing running: a day of them would otherwise end the instance.
func TestNothingIsLeftRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) }) // registered first, so it runs when all servers are closed
	d := open(t, func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		io.Copy(w, r.Body)
		<-r.Context().Done()
	}, func(c *gateway.Config, api *pontage.API) {
		c.IdleTimeout, api.HeaderTimeout = 50*time.Millisecond, 100*time.Millisecond
	})
	head := " /apis/" + apiHost + "/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + goodBearer + "\r\n"
	for name, request := range map[string]string{
		"hangs up while it streams":  "GET" + head + "\r\n",
		"stops in the middle":        "POST" + head + "Content-Length: 100\r\n\r\nhalf",
		"stops in the middle, chunk": "POST" + head + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
		"never sends":                "POST" + head + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n",
	} {
		c := dial(t, d)
		io.WriteString(c, request)
		response(t, c)
		c.Close()
		if end := d.ended(); end.route != "/items" {
			t.Errorf("%s: %+v", name, end)
		}
	}
}
