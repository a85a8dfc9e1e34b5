package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	connections = 64
	threads     = 2
)

// request is one request of a load.
type request struct {
	Method  string
	Path    string
	Headers map[string]string
	Body    string
}

// figures are what wrk saw.
type figures struct {
	Requests float64 `json:"requests"`
	Micros   float64 `json:"micros"`
	P50      float64 `json:"p50"`
	P99      float64 `json:"p99"`
	// Status counts answers from 400 on, Socket what had no answer.
	Status float64 `json:"status"`
	Socket float64 `json:"socket"`
}

func (f figures) perSecond() float64 { return f.Requests / f.Micros * 1e6 }

// script sends the requests of a file in a random order, each prepared once: a line is method, path, body, and names and values of
// headers, with tabs between.
const script = `
local prepared = {}
function init()
  math.randomseed(os.time() + tonumber(tostring(prepared):match("0x(%x+)"), 16) % 100000)
  for line in io.lines(file) do
    local fields = {}
    for field in (line .. "\t"):gmatch("(.-)\t") do fields[#fields+1] = field end
    local headers = {}
    for i = 4, #fields - 1, 2 do headers[fields[i]] = fields[i+1] end
    prepared[#prepared+1] = wrk.format(fields[1], fields[2], headers, fields[3])
  end
end
function request() return prepared[math.random(#prepared)] end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\nFIGURES {"requests":%d,"micros":%d,"p50":%g,"p99":%g,"status":%d,"socket":%d}\n', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99), e.status, e.connect + e.read + e.write + e.timeout))
end
`

// drive sends the requests for that long.
func drive(ctx context.Context, file, url string, requests []request, duration time.Duration) (figures, error) {
	var f figures
	list := file + ".requests"
	if err := os.WriteFile(list, lines(requests), 0o600); err != nil {
		return f, err
	}
	if err := os.WriteFile(file, fmt.Appendf(nil, "file = %q\n%s", list, script), 0o600); err != nil {
		return f, err
	}
	out, err := exec.CommandContext(ctx, "wrk", "-t", fmt.Sprint(threads), "-c", fmt.Sprint(connections),
		"-d", fmt.Sprintf("%ds", int(duration.Seconds())), "-s", file, url).CombinedOutput()
	_, line, found := strings.Cut(string(out), "FIGURES ")
	if err != nil || !found {
		return f, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	return f, json.Unmarshal([]byte(line), &f)
}

// lines writes the requests as the script reads them.
func lines(requests []request) []byte {
	var b bytes.Buffer
	for _, r := range requests {
		b.WriteString(r.Method + "\t" + r.Path + "\t" + r.Body)
		for name, value := range r.Headers {
			b.WriteString("\t" + name + "\t" + value)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}
