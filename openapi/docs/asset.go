package docs

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed assets third_party/*/*.gz third_party/*/LICENSE* third_party/*/NOTICE
var files embed.FS

// tags are the digests of the files that were asked for.
var tags sync.Map

// serveAsset sends a file of the pages by its path below assets/.
func serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	for _, candidate := range []string{"assets/" + name, "third_party/" + name + ".gz", "third_party/" + name} {
		data, err := fs.ReadFile(files, candidate)
		if err != nil {
			continue
		}
		serveBytes(w, r, content{contentType: typeOf(name), data: data, packed: strings.HasSuffix(candidate, ".gz"), tag: tagOf(candidate, data)})
		return
	}
	http.NotFound(w, r)
}

func tagOf(name string, data []byte) string {
	if tag, there := tags.Load(name); there {
		return tag.(string)
	}
	sum := sha256.Sum256(data)
	tag := hex.EncodeToString(sum[:12])
	tags.Store(name, tag)
	return tag
}

// types are the content types of our files; what the machine knows of endings must not matter.
var types = map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

func typeOf(name string) string {
	if t := types[path.Ext(name)]; t != "" {
		return t
	}
	return "text/plain; charset=utf-8"
}
