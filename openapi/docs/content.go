package docs

import (
	"net/http"
	"strconv"
	"strings"
)

// content is something to be sent whole.
type content struct {
	contentType string
	data        []byte
	// packed says that data is compressed by gzip.
	packed bool
	// tag changes with the data.
	tag string
}

// serveBytes sends it compressed where it is and the reader takes that. A reader who has it already is told so.
func serveBytes(w http.ResponseWriter, r *http.Request, c content) {
	h := w.Header()
	h.Set("Content-Type", c.contentType)
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	tag := c.tag
	if c.packed {
		h.Add("Vary", "Accept-Encoding")
		if takesGzip(r) {
			h.Set("Content-Encoding", "gzip")
			tag += "-gzip"
		} else {
			data, err := unpack(c.data)
			if err != nil {
				http.Error(w, "The document cannot be read.", http.StatusInternalServerError)
				return
			}
			c.data = data
		}
	}
	tag = `"` + tag + `"`
	h.Set("ETag", tag)
	for known := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
			h.Del("Content-Type")
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(c.data)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(c.data) // who hung up does not read it
	}
}

// takesGzip says whether the reader lists gzip and does not refuse it.
func takesGzip(r *http.Request) bool {
	for offer := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(offer), ";")
		quality = strings.TrimSpace(quality)
		if strings.EqualFold(strings.TrimSpace(name), "gzip") && quality != "q=0" && !strings.HasPrefix(quality, "q=0.0") {
			return true
		}
	}
	return false
}
