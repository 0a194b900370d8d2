// Package rig assembles real Elasticsearch and OpenSearch nodes from the jars
// published on Maven Central, starts them on loopback and ends them, so that
// tests can ask the engine itself instead of believing an imitation. It needs a
// JDK of at least version 21 and Maven.
//
// It knows engines and processes; it does not know AWS, the sandbox, or what a
// migration is. Only tests import it.
package rig
