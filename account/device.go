package account

import "strings"

// Device names browser and system of a user agent in a few words, for people who look for the session they do not know.
func Device(userAgent string) string {
	browser, system := first(userAgent, browsers), first(userAgent, systems)
	switch {
	case browser == "" && system == "":
		return "Unknown device"
	case system == "":
		return browser
	case browser == "":
		return system
	}
	return browser + " on " + system
}

// named is a mark in a user agent and what it stands for; the first that is found counts, since browsers name each other.
type named struct{ mark, name string }

var (
	browsers = []named{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi", "Vivaldi"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox/", "Firefox"},
		{"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"},
	}
	systems = []named{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
)

func first(userAgent string, of []named) string {
	for _, n := range of {
		if strings.Contains(userAgent, n.mark) {
			return n.name
		}
	}
	return ""
}
