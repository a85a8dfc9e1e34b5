package docs_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var link = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

// links gives where a page leads and what it loads, as paths of ours; what it loads from elsewhere is an error.
func links(t *testing.T, path, page string) (paths []string) {
	t.Helper()
	if strings.Contains(page, "<script>") || strings.Contains(page, " style=") || strings.Contains(page, " onclick") {
		t.Errorf("%s has a script or style inside", path)
	}
	base, err := url.Parse("http://here" + path)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range link.FindAllStringSubmatch(page, -1) {
		u, err := base.Parse(strings.ReplaceAll(found[1], "&amp;", "&"))
		if err != nil {
			t.Errorf("%s links to %q: %v", path, found[1], err)
			continue
		}
		if u.Host != "here" {
			if strings.HasPrefix(found[0], "src") {
				t.Errorf("%s loads %s", path, u)
			}
			continue
		}
		paths = append(paths, u.RequestURI())
	}
	return paths
}
