package demo

import (
	"encoding/json"
	"net/http"
	"strings"
)

// maxLookups is how many places one POST may ask for.
const maxLookups = 10

// Handler gives the upstream: what the API's own server would be. It keeps no state.
func Handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /countries", listCountries)
	routes.HandleFunc("GET /postcodes/{country}/{postcode}", readPostcode)
	routes.HandleFunc("GET /searches", searchPlaces)
	routes.HandleFunc("POST /lookups", lookUp)
	routes.HandleFunc("GET /weather/{country}/{postcode}", readWeather)
	return routes
}

func listCountries(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"countries": countries})
}

func readPostcode(w http.ResponseWriter, r *http.Request) {
	p, ok := find(r.PathValue("country") + "-" + r.PathValue("postcode"))
	if !ok {
		problem(w, http.StatusNotFound, "There is no such postcode.")
		return
	}
	answer(w, http.StatusOK, p)
}

func searchPlaces(w http.ResponseWriter, r *http.Request) {
	begins := strings.ToLower(r.URL.Query().Get("name"))
	if begins == "" {
		problem(w, http.StatusBadRequest, "Give the beginning of a name.")
		return
	}
	found := []place{}
	for _, p := range places {
		if strings.HasPrefix(strings.ToLower(p.Name), begins) {
			found = append(found, p)
		}
	}
	answer(w, http.StatusOK, map[string]any{"places": found})
}

func lookUp(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Places []string `json:"places"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&asked)
	if err != nil || len(asked.Places) == 0 || len(asked.Places) > maxLookups {
		problem(w, http.StatusBadRequest, "Give one to ten places.")
		return
	}
	found := []place{}
	for _, key := range asked.Places {
		if p, ok := find(key); ok {
			found = append(found, p)
		}
	}
	answer(w, http.StatusOK, map[string]any{"places": found})
}

func readWeather(w http.ResponseWriter, _ *http.Request) {
	problem(w, http.StatusServiceUnavailable, "The weather station is out of order.")
}

func problem(w http.ResponseWriter, status int, text string) {
	answer(w, status, map[string]string{"error": text})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
