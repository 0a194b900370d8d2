package content

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

const day = 24 * time.Hour

var (
	services  = []string{"checkout", "catalogue", "payments", "shipping", "accounts", "search", "gateway", "recommendations"}
	levels    = []string{"INFO", "INFO", "INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR"}
	methods   = []string{"GET", "GET", "GET", "POST", "PUT", "DELETE"}
	paths     = []string{"/api/cart", "/api/cart/items", "/api/orders", "/api/products", "/api/search", "/api/session", "/healthz", "/api/payments/authorise"}
	statuses  = []int{200, 200, 200, 200, 201, 204, 301, 400, 404, 500, 503}
	messages  = []string{"request handled", "cache miss, read through", "retrying after timeout", "order accepted", "stock reserved", "payment authorised", "connection pool exhausted", "slow query"}
	countries = []string{"DE", "FR", "IE", "NL", "ES", "IT", "PL", "SE"}
	cities    = []string{"Berlin", "Lyon", "Dublin", "Utrecht", "Sevilla", "Torino", "Gdańsk", "Malmö"}
	givens    = []string{"Ada", "Bruno", "Chiara", "Dirk", "Eva", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Luis"}
	families  = []string{"Almeida", "Bakker", "Conti", "Durand", "Ekman", "Fischer", "García", "Haas", "Ivanov", "Jensen", "Kowalska", "Lefèvre"}
	goods     = []string{"kettle", "lamp", "rucksack", "notebook", "headphones", "teapot", "blanket", "bicycle bell", "raincoat", "desk"}
	colours   = []string{"blue", "green", "black", "cream", "red", "walnut", "grey"}
	carriers  = []string{"post", "courier", "parcel shop"}
	currency  = []string{"EUR", "EUR", "EUR", "SEK", "PLN"}
	verbs     = []string{"role.updated", "user.created", "user.deleted", "key.rotated", "policy.changed", "login.failed", "export.requested"}
)

// pick draws one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// itoa is short for the strconv function.
func itoa(n int) string { return strconv.Itoa(n) }

// stamp is a moment as the documents hold it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// hexID is an identifier of n hexadecimal digits.
func (g *generator) hexID(n int) string { return fmt.Sprintf("%016x", g.rnd.Uint64())[:n] }

// host is a machine's name, the same few for a service.
func (g *generator) host(service string) string {
	return fmt.Sprintf("%s-%d.shop.internal", service, 1+g.rnd.IntN(4))
}

// encode marshals a document; those here cannot fail to.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("content: " + err.Error())
	}
	return b
}

// alias gives several aliases the same options.
func alias(options map[string]any, names ...string) map[string]map[string]any {
	out := map[string]map[string]any{}
	for _, n := range names {
		out[n] = options
	}
	return out
}
