package rig

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

//go:embed launcher/Launcher.java.tmpl
var launcherTemplate string

// recipe says which published jars make a node of one version and how they are
// laid out. The class loaders are strict: a jar that stands both in lib and in
// a plugin is fatal, which is why plugins are given as their whole class path
// and the assembly takes away what lib holds.
type recipe struct {
	version string
	// engine is the Java package segment: "opensearch" or "elasticsearch".
	engine string
	// lib is the server's class path, as Maven coordinates GROUP:ARTIFACT:VERSION.
	lib     []string
	plugins []plugin
}

// plugin is a module (part of the distribution) or a plugin.
type plugin struct {
	// dir is the folder below the home, e.g. modules/transport-netty4.
	dir       string
	artifacts []string
	// zip is the coordinate of a plugin published whole, GROUP:ARTIFACT:VERSION.
	// It brings its descriptor; artifacts are then what it lacks.
	zip string
	// class is the plugin's main class, named in the descriptor.
	class string
	// java is the least Java version the descriptor asks for.
	java string
}

// opensearch is the common shape. log4j must be the version of the log4j-api
// that the server brings, and classloader the nearest published one.
func opensearch(version, classloader, log4j, netty, java string, more ...plugin) recipe {
	return recipe{
		version: version,
		engine:  "opensearch",
		lib: []string{
			"org.opensearch:opensearch:" + version,
			"org.opensearch:opensearch-plugin-classloader:" + classloader,
			"org.apache.logging.log4j:log4j-core:" + log4j,
		},
		plugins: append([]plugin{{
			dir:       "modules/transport-netty4",
			artifacts: []string{"org.opensearch.plugin:transport-netty4-client:" + version},
			class:     "org.opensearch.transport." + netty,
			java:      java,
		}}, more...),
	}
}

func repositoryS3(jar string) plugin {
	return plugin{
		dir:       "plugins/repository-s3",
		artifacts: []string{"org.opensearch.plugin:repository-s3:" + jar},
		class:     "org.opensearch.repositories.s3.S3RepositoryPlugin",
		java:      "21",
	}
}

// securityDir is where the security plugin lies; a node has it on demand only.
const securityDir = "plugins/opensearch-security"

// security is the security plugin. The artifacts are what the published zip lacks.
func security(version string, artifacts ...string) plugin {
	return plugin{dir: securityDir, zip: "org.opensearch.plugin:opensearch-security:" + version, artifacts: artifacts}
}

// recipes are the versions whose jars are published on Maven Central in a form
// that runs. Where a jar of the exact version is missing, the nearest one that
// was seen to work stands in: the 3.5.0 S3 plugin in 3.4.0, the 2.19.1 plugin
// class loader in 2.19.4.
var recipes = []recipe{
	{
		version: "7.10.2",
		engine:  "elasticsearch",
		// Elasticsearch takes its transport from the class path, so it needs no
		// plugin folder. No S3 plugin is published for it.
		lib: []string{
			"org.elasticsearch:elasticsearch:7.10.2",
			"org.elasticsearch.plugin:transport-netty4-client:7.10.2",
			"org.apache.logging.log4j:log4j-core:2.11.1",
		},
	},
	opensearch("2.19.4", "2.19.1", "2.21.0", "Netty4Plugin", "11", security("2.19.4.0")),
	// Without commons-collections4 every decision of this security plugin is a
	// 500: it counts on a module that is not published.
	opensearch("3.4.0", "3.4.0", "2.21.0", "Netty4ModulePlugin", "21", repositoryS3("3.5.0"),
		security("3.4.0.0", "org.apache.commons:commons-collections4:4.4")),
	opensearch("3.8.0", "3.8.0", "2.25.4", "Netty4ModulePlugin", "21", repositoryS3("3.8.0")),
}

// Versions are the engine versions that can be assembled, oldest first.
func Versions() []string {
	var out []string
	for _, r := range recipes {
		out = append(out, r.version)
	}
	return out
}

func recipeFor(version string) (recipe, error) {
	i := slices.IndexFunc(recipes, func(r recipe) bool { return r.version == version })
	if i < 0 {
		return recipe{}, fmt.Errorf("rig: no recipe for version %q, there are %s", version, strings.Join(Versions(), ", "))
	}
	return recipes[i], nil
}

// elastic says whether this is Elasticsearch, which differs in names and in
// where its transport comes from.
func (r recipe) elastic() bool { return r.engine == "elasticsearch" }

// s3 says whether nodes of this version have a repository type s3.
func (r recipe) s3() bool {
	return slices.ContainsFunc(r.plugins, func(p plugin) bool { return strings.HasSuffix(p.dir, "/repository-s3") })
}

// secured says whether the security plugin is published for this version.
func (r recipe) secured() bool {
	return slices.ContainsFunc(r.plugins, func(p plugin) bool { return p.dir == securityDir })
}

// launcher is the source of the program that starts a node.
func (r recipe) launcher() string {
	secure, node := "org.opensearch.core.common.settings.SecureString", "new Node(env)"
	if r.elastic() {
		secure = "org.elasticsearch.common.settings.SecureString"
		node = "new Node(env, List.of(org.elasticsearch.transport.Netty4Plugin.class), true) {}"
	}
	return strings.NewReplacer("@ENGINE@", r.engine, "@SECURESTRING@", secure, "@NEWNODE@", node).Replace(launcherTemplate)
}

// descriptor is the plugin-descriptor.properties of p; every key is required,
// and the engine's version must be the server's own.
func (r recipe) descriptor(p plugin) string {
	name := p.dir[strings.LastIndexByte(p.dir, '/')+1:]
	return strings.Join([]string{
		"name=" + name,
		"description=" + name,
		"version=" + r.version,
		r.engine + ".version=" + r.version,
		"java.version=" + p.java,
		"classname=" + p.class,
		"custom.foldername=",
		"extended.plugins=",
		"has.native.controller=false",
		"",
	}, "\n")
}

// key names the assembled tree in the cache. It covers everything the tree is
// made from, so that a changed recipe or launcher never meets an old tree.
func (r recipe) key() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %+v %s", layout, r, r.launcher()))
	return r.engine + "-" + r.version + "-" + hex.EncodeToString(sum[:4])
}

// layout is raised when the code that lays out a tree changes its result.
const layout = 2
