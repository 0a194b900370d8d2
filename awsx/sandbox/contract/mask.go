package contract

import (
	"encoding/json"
	pathpkg "path"
	"regexp"
	"slices"
	"strings"
)

// Masking replaces what differs between two runs of the same engine, and keeps
// the kind of the value: a masked number becomes "<number>", a masked string
// "<string>". What is left is compared to the letter.

// volatileKeys are members whose value is never the same twice: clocks, sizes
// on disk, which segment files there are, names of nodes, build stamps, and
// what a world calls its bucket and role.
var volatileKeys = set(`
	name cluster_name build_hash build_date build_type
	took time uptime timestamp ts at duration
	start_time end_time start_epoch end_epoch stop_time stop
	creation.date creation.date.string creation_date index.creation_date creation_date_string
	number_of_pending_tasks number_of_in_flight_fetch
	file_count size_in_bytes total_bytes processed_bytes
	recovered_in_bytes reused_in_bytes total_in_bytes
	bytes_total bytes_recovered bytes files_total files_recovered files
	store store.size pri.store.size dataset.size
	disk.indices disk.used disk.avail disk.total disk.percent
	node node_name source_node target_node host ip source_host target_host transport_address
	ephemeral_id location
	free_in_bytes available_in_bytes reserved_in_bytes cache_reserved_in_bytes
	mount path type_of_mount
	_scroll_id scroll_id
	bucket region role_arn
`)

// volatilePairs are members that are volatile in one kind of object only: the
// counts of segment files in a recovery.
var volatilePairs = set(`files/total files/recovered files/reused`)

// volatileSuffixes catch the families of clocks and sizes.
var volatileSuffixes = []string{"_in_millis", "_millis", "time_in_nanos"}

// volatileParts are runs of a string that differ inside otherwise fixed words.
var volatileParts = []struct {
	pattern *regexp.Regexp
	mask    string
}{
	{regexp.MustCompile(`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?`), "<time>"},
	{regexp.MustCompile(`(127\.0\.0\.1|\[::1\]|localhost):\d+`), "<address>"},
	{regexp.MustCompile(`/127\.0\.0\.1|\b127\.0\.0\.1\b`), "<address>"},
	{regexp.MustCompile(`\b(tests|meta|snap|data)-[A-Za-z0-9_-]{22}\b`), "$1-<uuid>"},
	{regexp.MustCompile(`Request ID: [^,)]+`), "Request ID: <id>"},
	{regexp.MustCompile(`0x[0-9a-f]{6,}|@[0-9a-f]{6,8}\b`), "<hash>"},
}

// uuidShape is a URL-safe base64 id: 22 characters for everything the engine
// names. wordShape is what looks like one and is none, and narrow enough that no
// id in thousands of millions does.
var (
	uuidShape = regexp.MustCompile(`(^|[^A-Za-z0-9_-])([A-Za-z0-9_-]{22})($|[^A-Za-z0-9_-])`)
	wordShape = regexp.MustCompile(`^[a-z_]+$|^[A-Za-z]+Exception$`)
)

// documentID is an id the engine made for a document: 20 characters.
var documentID = regexp.MustCompile(`^[A-Za-z0-9_-]{20}$`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// mask takes out of a JSON value what varies. more are further volatile names.
type mask struct{ more map[string]bool }

// value masks v, which stands at a slash-separated path. Member names that are
// ids (node ids) are masked as well.
func (m mask) value(path string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, member := range v {
			out[maskText(k)] = m.value(path+"/"+k, member)
		}
		return out
	case []any:
		return m.list(path, v)
	case string:
		switch {
		case m.volatile(path):
			return "<string>"
		case strings.HasSuffix(path, "/_id") && documentID.MatchString(v):
			return "<id>"
		case strings.HasSuffix(path, "/keys"):
			return sortedNames(v)
		}
		return maskText(v)
	case json.Number:
		if m.volatile(path) {
			return "<number>"
		}
	}
	return v
}

// list masks an array. Lists of names come in no order from the engine (it keeps
// them in hash maps), so they are sorted. So are snapshots: they come by their
// start, whose clock an engine reads five times a second, and those of one
// reading by their names.
func (m mask) list(path string, v []any) any {
	out := make([]any, len(v))
	names := true
	for i, element := range v {
		out[i] = m.value(path, element)
		_, isName := element.(string)
		names = names && isName
	}
	if names || pathpkg.Base(path) == "snapshots" {
		slices.SortFunc(out, func(a, b any) int { return strings.Compare(encoded(a), encoded(b)) })
	}
	return out
}

// encoded is a masked value as JSON, whose members are in order.
func encoded(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it came from JSON
	}
	return string(b)
}

func (m mask) volatile(path string) bool {
	parent, key := pathpkg.Split(path)
	return m.more[key] || volatileKeys[key] || volatilePairs[pathpkg.Base(parent)+"/"+key] ||
		slices.ContainsFunc(volatileSuffixes, func(s string) bool { return strings.HasSuffix(key, s) })
}

// nameList is a list of names, or of actions, inside words; the engine's order
// is a hash map's.
var nameList = regexp.MustCompile(`\[[A-Za-z0-9._-]+(, ?[A-Za-z0-9._-]+)+\]|\[[a-z]+:[a-z/_]+(, [a-z]+:[a-z/_]+)+\]`)

// operationList is a list of words that the security plugin keeps in a set.
var operationList = regexp.MustCompile(supported + `[a-z,]+`)

const supported = "Supported are: "

func sortedNames(list string) string {
	names := strings.Split(list, ",")
	slices.Sort(names)
	return strings.Join(names, ",")
}

func maskText(s string) string {
	s = nameList.ReplaceAllStringFunc(s, func(list string) string {
		return "[" + sortedNames(strings.ReplaceAll(list[1:len(list)-1], " ", "")) + "]"
	})
	s = operationList.ReplaceAllStringFunc(s, func(list string) string {
		return supported + sortedNames(strings.TrimPrefix(list, supported))
	})
	for _, p := range volatileParts {
		s = p.pattern.ReplaceAllString(s, p.mask)
	}
	// Two ids may share the character between them: once more for the second.
	for range 2 {
		s = uuidShape.ReplaceAllStringFunc(s, func(m string) string {
			part := uuidShape.FindStringSubmatch(m)
			if wordShape.MatchString(part[2]) {
				return m
			}
			return part[1] + "<uuid>" + part[3]
		})
	}
	return s
}

// prune keeps the given paths of a value and drops everything else. "*" stands
// for any member; arrays are walked without a segment of their own.
func prune(v any, paths []string) any {
	if len(paths) == 0 {
		return v
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = prune(element, paths)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, member := range v {
			var below []string
			whole := false
			for _, p := range paths {
				head, rest, more := strings.Cut(p, "/")
				if head == "*" || head == k {
					whole = whole || !more
					below = append(below, rest)
				}
			}
			switch {
			case whole:
				out[k] = member
			case below != nil:
				out[k] = prune(member, below)
			}
		}
		return out
	}
	return v
}

// at finds the value of a slash-separated path; array elements are numbers.
func at(v any, path string) any {
	for _, segment := range strings.Split(path, "/") {
		switch x := v.(type) {
		case map[string]any:
			v = x[segment]
		case []any:
			i := slices.Index([]string{"0", "1", "2", "3"}, segment)
			if i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}
