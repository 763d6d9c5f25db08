// Made from the OpenAPI document of the server: npm run generate -w @kumiki/client
export interface paths {
    "/api/flows/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description The problems of a document, as the editor shows them. Nothing is saved. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        document: components["schemas"]["FlowDocument"];
                    };
                };
            };
            responses: {
                /** @description The problems */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            problems: unknown[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Newest change first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["FlowSummary"][];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        document: components["schemas"]["FlowDocument"];
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            revision: number;
                        };
                    };
                };
                /** @description The document cannot be read: broken, of an unknown format, or newer than this Kumiki */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Newest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["VersionSummary"][];
                            next: string | null;
                        };
                    };
                };
                /** @description No such flow */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        /** @description Freezes the draft. An equal document keeps its number. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        revision: number;
                    };
                };
            };
            responses: {
                /** @description Frozen */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            number: number;
                        };
                    };
                };
                /** @description No such flow */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The draft has another revision by now */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The draft; its ETag is its revision */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Flow"];
                    };
                };
                /** @description No such flow */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The revision, quoted: "48" */
                    "if-match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        document: components["schemas"]["FlowDocument"];
                    };
                };
            };
            responses: {
                /** @description Saved */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            revision: number;
                        };
                    };
                };
                /** @description No such flow */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description Somebody saved a newer revision */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The document cannot be read */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description If-Match is missing */
                428: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such flow */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description An endpoint serves it, or another flow names it */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query: {
                    from: number;
                    to: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What changed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            diff?: unknown;
                        };
                    };
                };
                /** @description No such version */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/{id}/builds/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    number: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The build */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Build"];
                    };
                };
                /** @description No such build */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/{id}/versions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    number: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The version */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Version"];
                    };
                };
                /** @description No such version */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flow-files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** @description Makes or updates the flow of a file on the machine of the server; only for the command line there. The same file is always the same flow, a draft that was changed elsewhere is frozen as a version first, and folders that the flow names by relative paths are read beside the file. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        file: string;
                        document: components["schemas"]["FlowDocument"];
                    };
                };
            };
            responses: {
                /** @description The flow of that file */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            revision: number;
                        };
                    };
                };
                /** @description Not the command line of this machine */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The document cannot be read */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/{id}/builds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Newest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Build"][];
                            next: string | null;
                        };
                    };
                };
                /** @description No such flow */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        /** @description Builds a version; without one, the draft is frozen first. A tuned model is kept as it is, marked stale, where only its data has changed; `retrain` names the nodes that shall tune anew. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version?: number;
                        retrain?: string[];
                    };
                };
            };
            responses: {
                /** @description Enqueued */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            run: string;
                            version: number;
                        };
                    };
                };
                /** @description No such flow or version */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The flow has problems: `problems` lists them; or `retrain` names what is not held */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Cancelling, or already at its end */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Run"];
                    };
                };
                /** @description No such run */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The run, and what callers think of it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Run"] & {
                            feedback: components["schemas"]["Feedback"][];
                        };
                    };
                };
                /** @description No such run */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                    flow?: string;
                    kind?: "build" | "question" | "experiment";
                    state?: "queued" | "running" | "succeeded" | "failed" | "cancelled";
                    /** @description Slug of the endpoint that was called */
                    endpoint?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Newest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Run"][];
                            next: string | null;
                        };
                    };
                };
                /** @description No such endpoint */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Asks a flow. Without `version`, the draft is frozen first; without `build`, artifacts are found by fingerprint. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version?: number;
                        build?: number;
                        /** @default {} */
                        inputs?: {
                            [key: string]: unknown;
                        };
                        output?: string;
                        only?: string[];
                    };
                };
            };
            responses: {
                /** @description Enqueued */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                        };
                    };
                };
                /** @description No such flow, version or build */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `not-built`: the nodes that have no artifact yet are named */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The flow has problems, or an input is missing */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/nodes/{node}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Asks a node that trains to end early and to keep the best that it has by now. The run goes on with that, unlike one that is cancelled. `node` is its path, with `/` written as %2F. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    node: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Asked; the node ends when its step under way does */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Run"];
                    };
                };
                /** @description No such run */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The run has ended */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `node-not-stoppable`: the run has no node of that name that trains */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: {
                    "last-event-id"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The events, live or replayed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": components["schemas"]["RunEvent"];
                    };
                };
                /** @description Nothing after Last-Event-ID: the run has ended */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such run */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description By name */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Collection"][];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Collection"];
                    };
                };
                /** @description The name is taken */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such collection */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{id}/files/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The bytes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such file */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        /** @description The body is the file itself, as application/octet-stream or its own media type. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Stored; replaces a file of that name */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CollectionFile"];
                    };
                };
                /** @description No such collection */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description Too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Removed */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such file */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The bytes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such file */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such file */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{id}/files/{name}/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description `conversations`: the transcript of the conversations in it, which passages of them count in */
                    as?: "document" | "conversations";
                };
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The text */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            text: string;
                            headings: {
                                level: number;
                                title: string;
                                start: number;
                            }[];
                            pages: {
                                page: number;
                                start: number;
                            }[];
                        };
                    };
                };
                /** @description No such file */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description It cannot be read as text, or `conversation-format-unknown` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/collections/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description By name */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["CollectionFile"][];
                            next: string | null;
                        };
                    };
                };
                /** @description No such collection */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        /** Format: binary */
                        file?: string;
                    };
                };
            };
            responses: {
                /** @description Stored */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["File"];
                    };
                };
                /** @description Too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/artifacts/collect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Takes away what no build names and nobody used for the time of grace (KUMIKI_GRACE_HOURS). It is done every hour anyway. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Tells what would go, and changes nothing
                         * @default false
                         */
                        dryRun?: boolean;
                    };
                };
            };
            responses: {
                /** @description What would go, or went */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            dryRun: boolean;
                            artifacts: number;
                            /** @description Whole indexes */
                            indexes: number;
                            /** @description Of indexes that stay */
                            generations: number;
                            documents: number;
                            chunks: number;
                            /** @description Cached ones of models that no index is made with any more */
                            vectors: number;
                            /** @description Files of the blob store that nothing names */
                            contents: number;
                            contentBytes: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Takes a document, with its earlier contents, or a person out of everything that is stored. A collection is given by its id or name. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        document: {
                            collection: string;
                            name: string;
                        } | {
                            sha256: string;
                        };
                        /**
                         * @description Tells what would go, and changes nothing
                         * @default false
                         */
                        dryRun?: boolean;
                    } | {
                        subject: string;
                        /**
                         * @description Tells what would go, and changes nothing
                         * @default false
                         */
                        dryRun?: boolean;
                    };
                };
            };
            responses: {
                /** @description What would go, or went */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Forgotten"];
                    };
                };
                /** @description Neither a document nor a person */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Newest first, each with the builds that name it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Artifact"][];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/artifacts/{fingerprint}/examples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Pages through the examples of a data set, in the order in which they were made. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                    split?: "train" | "evaluation";
                };
                header?: never;
                path: {
                    fingerprint: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The next examples, with what is to be known of the whole */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Example"][];
                            next: string | null;
                            examples: {
                                train: number;
                                evaluation: number;
                            };
                            /** @description What was left out, merged, masked or moved */
                            report: components["schemas"]["DataSetNote"][];
                        };
                    };
                };
                /** @description `cursor-invalid` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `artifact-unknown`, or `dataset-missing` where its contents are gone */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `artifact-without-examples`: it is no data set */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/model-hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All hosts */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["ModelHost"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        kind: "ollama" | "openai-compatible";
                        name: string;
                        /** Format: uri */
                        address: string;
                        /** @description Kept encrypted; never comes back. In a change, leaving it out keeps the key, and an empty one takes it away */
                        key?: string;
                    };
                };
            };
            responses: {
                /** @description Added */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModelHost"];
                    };
                };
                /** @description The address cannot be used */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/model-hosts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        kind: "ollama" | "openai-compatible";
                        name: string;
                        /** Format: uri */
                        address: string;
                        /** @description Kept encrypted; never comes back. In a change, leaving it out keeps the key, and an empty one takes it away */
                        key?: string;
                    };
                };
            };
            responses: {
                /** @description Changed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModelHost"];
                    };
                };
                /** @description No such host */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description A new address needs the key again */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Removed */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such host */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    purpose?: "chat" | "embedding" | "rerank";
                    host?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Models of all hosts; hosts that do not answer are named */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Model"][];
                            unreachable: {
                                host: string;
                                error: components["schemas"]["ErrorReport"];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Fetches a model of the catalogue for the embedded host. Progress comes as server-sent events. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Events `progress` { bytes, total } and at last `done` or `error` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description The catalogue has no such model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/model-hosts/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What came of it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            reachable: boolean;
                            models: number;
                            error: components["schemas"]["ErrorReport"];
                        };
                    };
                };
                /** @description No such host */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/model-hosts/{id}/unload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Has a host give back the memory of its idle models, for a training, say; the next question loads them again. Hosts that cannot do nothing. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Given back */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such host */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/flows/{id}/nodes/{node}/training-rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What a fine-tune node would learn from if it trained now: each row as the model reads it, token by token. Of the draft, unless a version is named. Nothing is built, installed or fetched for it. `node` is its path, with `/` written as %2F. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                    version?: number;
                    /** @description Rows of this state only. A page goes through a bounded number of rows: it may hold fewer than `limit`, or none, while `next` names where to go on */
                    state?: "learnt" | "left-out";
                };
                header?: never;
                path: {
                    id: string;
                    node: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The next rows, in the order of the data set */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["TrainingRow"][];
                            next: string | null;
                            /** @description Rows gone through for this page */
                            read: number;
                            model: string;
                            /** @description Of a row, in tokens */
                            maximumLength: number;
                        };
                    };
                };
                /** @description `cursor-invalid` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description No such flow, version or node */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `not-built`: the data set is not there yet; `trainer-not-installed`; `model-not-fetched`: its file is not on this machine */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The flow has problems, the node does not train, or the model cannot be trained */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tuned-models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The tuned model */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TunedModel"];
                    };
                };
                /** @description No such tuned model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such tuned model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `tuned-model-in-use`: flows ask for it, or a build holds it */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Renamed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TunedModel"];
                    };
                };
                /** @description No such tuned model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The name is taken, or flows know the model by its old name */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/tuned-models/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description `peft`: a ZIP file of the PEFT folder with its card as README.md; `lora`: the adapter as GGUF, to be laid over the base; `merged`: base and adapter as one GGUF file. The last two are made at the first request, which may take a minute. */
        get: {
            parameters: {
                query?: {
                    form?: "peft" | "lora" | "merged";
                    /** @description Of a merged file */
                    type?: "F16" | "Q8_0";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The bytes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such tuned model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The file of its base is not one of the catalogue’s */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The trainer, which converts, cannot be installed here */
                501: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tuned-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                    /** @description Only the one with it */
                    digest?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Newest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["TunedModel"][];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** @description The body is a ZIP file of a PEFT folder: `adapter_config.json` and `adapter_model.safetensors`, plain LoRA. `host` and `model` name the base that it was trained over. */
        post: {
            parameters: {
                query: {
                    name: string;
                    host?: string;
                    model: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Kept; the one that is there already, where its files are the same */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TunedModel"];
                    };
                };
                /** @description The name is taken */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description Too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description It is no such file, or no such model */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The endpoint */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Endpoint"];
                    };
                };
                /** @description No such endpoint */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default true */
                        follow?: boolean;
                        routes: {
                            /** Format: uuid */
                            flow: string;
                            version: number;
                            build: number;
                            output: string;
                            /** @default 1 */
                            weight?: number;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Changed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Endpoint"] & {
                            warnings: {
                                code: string;
                                node: string;
                                message: components["schemas"]["LocalisedText"];
                            }[];
                        };
                    };
                };
                /** @description No such endpoint, flow or build */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Withdrawn */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such endpoint */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description By slug */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Endpoint"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        slug: string;
                        /** @default true */
                        follow?: boolean;
                        routes: {
                            /** Format: uuid */
                            flow: string;
                            version: number;
                            build: number;
                            output: string;
                            /** @default 1 */
                            weight?: number;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Published */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Endpoint"] & {
                            warnings: {
                                code: string;
                                node: string;
                                message: components["schemas"]["LocalisedText"];
                            }[];
                        };
                    };
                };
                /** @description No such flow, version, build or output */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The slug is taken */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All keys, without their values */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["ApiKey"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /**
                         * @default [
                         *       "v1"
                         *     ]
                         */
                        scopes?: ("v1" | "api")[];
                        /** @default null */
                        endpoints?: string[] | null;
                    };
                };
            };
            responses: {
                /** @description The key is shown this one time */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiKey"] & {
                            key: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Revoked */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such key */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Gone */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such secret */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `secret-reserved` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Names only, without those of the keys of model hosts */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                name: string;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                updatedAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        value: string;
                    };
                };
            };
            responses: {
                /** @description Kept, encrypted; in the place of the one of that name, if any */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                        };
                    };
                };
                /** @description `secret-reserved`: the name is that of the key of a model host */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints/{slug}/conversations/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    slug: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description With a page of its turns, the newest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Conversation"] & {
                            items: components["schemas"]["ConversationTurn"][];
                            next: string | null;
                        };
                    };
                };
                /** @description No such endpoint or conversation */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slug: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Gone, with all that was said in it */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such endpoint or conversation */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/endpoints/{slug}/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The one that was used last first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Conversation"][];
                            next: string | null;
                        };
                    };
                };
                /** @description No such endpoint */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/question-sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Newest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["QuestionSet"][];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** @description Reads questions and freezes those that can be asked. What was wrong with others is listed in `findings`. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        source: components["schemas"]["QuestionSetSource"];
                    };
                };
            };
            responses: {
                /** @description Frozen */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QuestionSet"];
                    };
                };
                /** @description No such file, collection or endpoint */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description Too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `questions-none`: no row can be asked; `findings` of the problem say why */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/question-sets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The question set */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QuestionSet"];
                    };
                };
                /** @description No such question set */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such question set */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `question-set-in-use`: an experiment asked it */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/question-sets/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All rows as JSON Lines */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such question set */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/question-sets/{id}/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description In their order */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["StoredQuestion"][];
                            next: string | null;
                        };
                    };
                };
                /** @description No such question set */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/experiments/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExperimentSettings"];
                };
            };
            responses: {
                /** @description It can begin */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            warnings: components["schemas"]["ExperimentWarning"][];
                            /** @description How many questions would be asked in all */
                            answers: number;
                            trained: {
                                arm: string;
                                exact: number;
                                near: number;
                            }[];
                        };
                    };
                };
                /** @description As for creating it */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description As for creating it */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description As for creating it */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/experiments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                    flow?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Newest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Experiment"][];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExperimentSettings"];
                };
            };
            responses: {
                /** @description Enqueued */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Experiment"];
                    };
                };
                /** @description No such flow, version, build, output, question set or model */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `not-built` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `acts-in-experiment`, `build-of-other-version`, `arm-repeated`, `baseline-unknown` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/experiments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The experiment */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Experiment"];
                    };
                };
                /** @description No such experiment */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted, with its answers */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such experiment */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `experiment-under-way`: cancel its run first */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/experiments/{id}/answers.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One row for each arm, question and repetition, with a column for each metric. UTF-8 with a byte order mark. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description CSV */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such experiment */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/experiments/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The report on what was answered; whole once the run has succeeded */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExperimentReport"];
                    };
                };
                /** @description No such experiment */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `experiment-under-way`: its run has not ended */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/experiments/{id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                    /** @description `difference`: widest first */
                    order?: "number" | "difference";
                    topic?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Questions with the answers of all arms side by side */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["ExperimentRow"][];
                            next: string | null;
                        };
                    };
                };
                /** @description No such experiment */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/experiments/{id}/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before */
                    cursor?: string;
                    limit?: number;
                    /** @description `true`: only those without a verdict */
                    unlabelled?: "true" | "false";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Pairs in an order that the seed draws */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["LabelPair"][];
                            next: string | null;
                            labelled: number;
                            total: number;
                        };
                    };
                };
                /** @description No such experiment */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `experiment-under-way` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/experiments/{id}/form": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExperimentForm"];
                };
            };
            responses: {
                /** @description Kept */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExperimentForm"];
                    };
                };
                /** @description No such experiment */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/experiments/{id}/labels/{pair}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    pair: number | null;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string|null} */
                        verdict: "left" | "right" | "tie" | null;
                    };
                };
            };
            responses: {
                /** @description Kept; null takes it back */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LabelPair"];
                    };
                };
                /** @description No such experiment, or `label-pair-unknown` */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `experiment-under-way` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Asks. With `Accept: text/event-stream` the text comes as events `delta` { text } and at last `answer` or `error`; with `Prefer: respond-async` the run goes on by itself. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "idempotency-key"?: string;
                    prefer?: string;
                };
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        inputs: {
                            [key: string]: unknown;
                        };
                        /** @description What was said under this name is put in front; what is said now is kept once it is answered */
                        conversation?: string;
                        /** @description The person who asks, in words of the caller */
                        subject?: string;
                    };
                };
            };
            responses: {
                /** @description The answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Answer"];
                    };
                };
                /** @description Accepted; `Location` tells where the run is */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            run: string;
                        };
                    };
                };
                /** @description No key, or an unknown one */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The key may not call this endpoint */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description No such endpoint */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `not-built`, `model-changed` or `adapter-not-served` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description An input is missing or of the wrong kind; the key was used with another body; `conversation-unclear` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description The model host or the database is down; see Retry-After */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description OpenAI's chat completions, answered by an endpoint (`model` is its slug) with a `messages` input or exactly one text input. Sampling parameters are ignored, since the flow sets its own; `tools`, `n` > 1, `logprobs` and response formats are refused. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description The completion, or its chunks where `stream` is true */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description A parameter that is not supported, or missing */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description No such endpoint */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
                /** @description The idempotency key was used with another body */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{slug}/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OpenAPI 3.1 of this endpoint */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description No such endpoint */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slug: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The endpoint */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {string} */
                            object: "model";
                            created: number;
                            /** @enum {string} */
                            owned_by: "kumiki";
                        };
                    };
                };
                /** @description No such endpoint */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The endpoints that the key may call, in OpenAI's shape. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description By slug */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: {
                                id: string;
                                /** @enum {string} */
                                object: "model";
                                created: number;
                                /** @enum {string} */
                                owned_by: "kumiki";
                            }[];
                        };
                    };
                };
                /** @description No key, or an unknown one */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenAiError"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Cancelling, or already at its end */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
                            answer: components["schemas"]["Answer"] & (Record<string, never> | null);
                            error?: unknown;
                        };
                    };
                };
                /** @description No such run of this key */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The run */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
                            answer: components["schemas"]["Answer"] & (Record<string, never> | null);
                            error?: unknown;
                        };
                    };
                };
                /** @description No such run of this key */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description What the caller thinks of an answer. The last one of each key counts. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        score: number;
                        comment?: string;
                    };
                };
            };
            responses: {
                /** @description Kept */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            score: number;
                            comment: string | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            updatedAt: string;
                        };
                    };
                };
                /** @description No such run of this key */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: {
                    "last-event-id"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The events, live or replayed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": components["schemas"]["RunEvent"];
                    };
                };
                /** @description Nothing after Last-Event-ID: the run has ended */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such run of this key */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Null: the draft, as it is when the schedule fires
                         * @default null
                         */
                        version?: number | null;
                        /**
                         * @description Minute, hour, day of month, month, day of week
                         * @example 0 3 * * *
                         */
                        cron: string;
                        /**
                         * @description IANA name
                         * @default Asia/Tokyo
                         * @example Asia/Tokyo
                         */
                        timeZone?: string;
                        /** @default true */
                        enabled?: boolean;
                    };
                };
            };
            responses: {
                /** @description Changed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Schedule"];
                    };
                };
                /** @description No such schedule */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `schedule-invalid` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Gone */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description No such schedule */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    flow?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Oldest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Schedule"][];
                        };
                    };
                };
            };
        };
        put?: never;
        /** @description Builds a flow by the clock. A time that is missed, because nothing ran then, is made up for once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Null: the draft, as it is when the schedule fires
                         * @default null
                         */
                        version?: number | null;
                        /**
                         * @description Minute, hour, day of month, month, day of week
                         * @example 0 3 * * *
                         */
                        cron: string;
                        /**
                         * @description IANA name
                         * @default Asia/Tokyo
                         * @example Asia/Tokyo
                         */
                        timeZone?: string;
                        /** @default true */
                        enabled?: boolean;
                        /** Format: uuid */
                        flow: string;
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Schedule"];
                    };
                };
                /** @description No such flow or version */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                /** @description `schedule-invalid`: the cron expression or the time zone cannot be read */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A new one-time sign-in link, for somebody who is signed in and for the command line on the same machine. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Works once, within 15 minutes */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uri */
                            link: string;
                        };
                    };
                };
                /** @description Keys cannot make links */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The process runs */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The database answers and the worker runs */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
                /** @description Not yet, or stopping */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            status: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/node-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Descriptions of all node types (NodeTypeDescription of packages/flow). */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All node types */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                [key: string]: unknown;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Who is signed in */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: {
                                id: string;
                                name: string;
                            };
                            workspace: {
                                id: string;
                                name: string;
                            };
                            version: string;
                            /** @enum {string} */
                            database: "embedded" | "postgres";
                        };
                    };
                };
                /** @description Nobody is signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        /** @description Signs in with the one-time token of the link, or with a password where one is set. Sets the session cookie. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                    } | {
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Signed in */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ok: true;
                        };
                    };
                };
                /** @description Used, expired or wrong */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed out */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A flow document of format kumiki/flow@1 */
        FlowDocument: {
            [key: string]: unknown;
        };
        ProblemDetails: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            texts?: components["schemas"]["LocalisedText"];
            node?: string;
            path?: string;
            problems?: unknown[];
        };
        LocalisedText: {
            en: string;
            ja: string;
        };
        Build: {
            number: number;
            version: number;
            /** Format: uuid */
            run: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            artifacts: components["schemas"]["BuiltArtifact"][];
            models: {
                node: string;
                host: string;
                name: string;
                digest: string | null;
            }[];
        };
        BuiltArtifact: {
            node: string;
            kind: string;
            fingerprint: string;
            value?: unknown;
            documents: number | null;
            stale: boolean;
        };
        Flow: components["schemas"]["FlowSummary"] & {
            document: components["schemas"]["FlowDocument"];
        };
        FlowSummary: {
            /** Format: uuid */
            id: string;
            name: string;
            revision: number;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            updatedAt: string;
            latestVersion: number | null;
            latestBuild: number | null;
            nodes: number;
        };
        Version: components["schemas"]["VersionSummary"] & {
            document: components["schemas"]["FlowDocument"];
        };
        VersionSummary: {
            number: number;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            nodes: number;
        };
        Run: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "build" | "question" | "experiment";
            /** Format: uuid */
            flow: string;
            version: number | null;
            build: number | null;
            /** @enum {string} */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            inputs: {
                [key: string]: unknown;
            };
            outputs: {
                [key: string]: components["schemas"]["Output"];
            } | null;
            usage: components["schemas"]["TokenUsage"];
            error: components["schemas"]["ErrorReport"];
            endpoint: string | null;
            /** @description The person whom a caller of the endpoint asked for */
            subject: string | null;
            conversation: string | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            endedAt: string | null;
        };
        Output: {
            /** @enum {string} */
            state: "answered";
            value?: unknown;
            citations: components["schemas"]["Citation"][];
        } | {
            /** @enum {string} */
            state: "skipped";
        };
        Citation: {
            /** @description What stands between the brackets in the answer */
            number: number;
            /**
             * @description `marker`: the model wrote it and it was checked; `sentence`: found by comparing sentences
             * @enum {string}
             */
            kind: "marker" | "sentence";
            documentId: string;
            documentName: string;
            headings: string[];
            page: number | null;
            start: number;
            end: number;
            text: string;
            quote: string;
            answerStart: number;
            answerEnd: number;
        };
        TokenUsage: {
            promptTokens: number;
            completionTokens: number;
        } | null;
        ErrorReport: {
            code: string;
            message: components["schemas"]["LocalisedText"];
            retryable: boolean;
            node: string | null;
            path: string | null;
        } | null;
        Feedback: {
            /** @description Id of the API key; `session` or `local` for the team itself */
            caller: string;
            score: number;
            comment: string | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            updatedAt: string;
        };
        RunEvent: {
            /** @enum {string} */
            type: "run-start";
            /** @enum {string} */
            kind: "build" | "question" | "experiment";
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            at: string;
        } | {
            /** @enum {string} */
            type: "node-start";
            node: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            at: string;
        } | {
            /** @enum {string} */
            type: "node-progress";
            node: string;
            done: number;
            total: number | null;
            /** @enum {string} */
            unit: "documents" | "chunks" | "tokens" | "steps";
            /**
             * @description What the node waits for before it starts, since others may have it
             * @enum {string|null}
             */
            waitingFor: "gpu" | null;
            training?: components["schemas"]["TrainingReport"];
        } | {
            /** @enum {string} */
            type: "experiment-progress";
            /** @enum {string} */
            stage: "asking" | "scoring" | "judging" | "probing";
            done: number;
            total: number;
            failed: number;
            arm: string | null;
            /** @description Of this stage, from how long it took so far; null before that is known */
            remainingSeconds: number | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            at: string;
        } | {
            /** @enum {string} */
            type: "text-delta";
            node: string;
            output: string;
            text: string;
        } | {
            /** @enum {string} */
            type: "node-end";
            node: string;
            /** @enum {string} */
            state: "succeeded" | "reused" | "skipped" | "failed" | "cancelled";
            milliseconds: number;
            counts: {
                [key: string]: {
                    documents: number | null;
                    items: number;
                };
            };
            sample: {
                [key: string]: unknown[];
            };
            usage: components["schemas"]["TokenUsage"];
            warnings: {
                code: string;
                message: {
                    en: string;
                    ja: string;
                };
            }[];
            documentErrors: {
                id: string;
                error: components["schemas"]["ErrorReport"];
            }[];
            error: components["schemas"]["ErrorReport"];
        } | {
            /** @enum {string} */
            type: "run-end";
            /** @enum {string} */
            state: "succeeded" | "failed" | "cancelled";
            outputs: {
                [key: string]: components["schemas"]["Output"];
            } | null;
            usage: components["schemas"]["TokenUsage"];
            error: components["schemas"]["ErrorReport"];
            build: number | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            at: string;
        };
        /** @description What a node that trains tells while it goes on */
        TrainingReport: {
            /** @enum {string} */
            type: "estimate";
            /** @enum {string} */
            verdict: "fits" | "tight" | "will-not-fit";
            memory: {
                needed: number;
                free: number;
                /** @description By loaded models, which can be unloaded */
                held: number;
                /** @enum {string} */
                device: "cpu" | "cuda";
            };
            seconds: number;
            steps: number;
        } | {
            /** @enum {string} */
            type: "state";
            /** @enum {string} */
            state: "installing" | "preparing" | "training" | "saving";
            share: number | null;
        } | {
            /** @enum {string} */
            type: "plan";
            steps: number;
            resumedFrom: number;
            rows: {
                train: number;
                evaluation: number;
            };
        } | {
            /** @enum {string} */
            type: "points";
            points: components["schemas"]["TrainingPoint"][];
            remainingSeconds: number | null;
        } | {
            /** @enum {string} */
            type: "samples";
            step: number;
            answers: string[];
        } | {
            /** @enum {string} */
            type: "row-left-out";
            id: string;
            /** @enum {string} */
            reason: "no-trained-tokens" | "role-order" | "too-long";
        };
        TrainingPoint: {
            /** @description The same step may come again after a training went on from a checkpoint: the later one counts */
            step: number;
            /** @description When it was measured, in milliseconds since 1970 */
            at?: number;
            loss?: number;
            evaluationLoss?: number;
            learningRate?: number;
            gradientNorm?: number;
            tokensPerSecond?: number;
            /** @description Bytes of the trainer */
            memory?: number;
            /** @description Bytes on the GPU */
            deviceMemory?: number;
        };
        Collection: {
            /** Format: uuid */
            id: string;
            name: string;
            files: number;
            bytes: number;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            updatedAt: string;
        };
        CollectionFile: {
            name: string;
            bytes: number;
            sha256: string;
            mediaType: string | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            updatedAt: string;
        };
        File: {
            /** Format: uuid */
            id: string;
            name: string;
            bytes: number;
            sha256: string;
            mediaType: string | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
        };
        Forgotten: {
            /**
             * @description `waiting`: gone, and gone over once more when the runs have ended that were under way and may write again what they had read
             * @enum {string}
             */
            state: "would-go" | "gone" | "waiting";
            files: {
                collection: string | null;
                name: string;
                sha256: string;
            }[];
            indexed: {
                indexes: number;
                documents: number;
                chunks: number;
            };
            /** @description Of a document: they lose what they held. Of a person: they go */
            runs: number;
            artifacts: {
                fingerprint: string;
                nodeType: string;
            }[];
            /** @description They go on serving without the document */
            builds: {
                /** Format: uuid */
                flow: string;
                number: number;
            }[];
            /** @description Tuned models that may have learned from it: train them anew */
            models: {
                fingerprint: string;
                nodeType: string;
            }[];
        };
        Artifact: {
            fingerprint: string;
            lineage: string;
            nodeType: string;
            /** @description Null where it is not known */
            bytes: number | null;
            /** @description Something in it was forgotten: no build finds it again */
            redacted: boolean;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When a run last found or made it, to within an hour
             */
            usedAt: string;
            builds: {
                /** Format: uuid */
                flow: string;
                number: number;
            }[];
        };
        Example: {
            id: string;
            /** @description Ids of the documents that it was made from */
            documents: string[];
            /** @description What no split tears apart: a conversation */
            group: string;
            /** @enum {string} */
            split: "train" | "evaluation";
            messages: {
                /** @enum {string} */
                role: "system" | "user" | "assistant";
                content: string;
            }[];
            /** @description Places in `messages` of the answers that are learnt */
            trained: number[];
            /** @description What retrieval would have given for the last user message, where that was asked */
            passages: {
                documentId: string;
                documentName: string;
                ordinal: number;
                text: string;
            }[] | null;
        };
        DataSetNote: {
            code: string;
            message: components["schemas"]["LocalisedText"];
            /** @description How often it was met; of the places, only the first are listed */
            count: number;
            places: {
                document: string;
                line: number | null;
                detail: string;
            }[];
        };
        ModelHost: {
            id: string;
            /** @enum {string} */
            kind: "ollama" | "openai-compatible" | "embedded";
            name: string;
            address: string | null;
            hasKey: boolean;
            /** @enum {string} */
            origin: "built-in" | "found" | "added";
        };
        Model: {
            host: string;
            name: string;
            purposes: ("chat" | "embedding" | "rerank")[];
            digest: string | null;
            bytes: number | null;
            contextLength: number | null;
            dimensions: number | null;
            quantisation: string | null;
            licence: string | null;
            /**
             * @description Embedded models are fetched on demand
             * @enum {string}
             */
            state: "ready" | "not-fetched" | "fetching";
            note: {
                en: string;
                ja: string;
            } | null;
        };
        TrainingRow: {
            /** @enum {string} */
            state: "learnt";
            id: string;
            /** @description Of its example in the data set, from 1 */
            line: number;
            /** @enum {string} */
            split: "train" | "evaluation";
            /** @description Several where the chat template rewrites what was said before */
            sequences: {
                tokens: {
                    /** @description Put together, the texts are all that is read; a character of several tokens belongs to the last of them */
                    text: string;
                    trained: boolean;
                }[];
            }[];
        } | {
            /** @enum {string} */
            state: "left-out";
            id: string;
            /** @description Of its example in the data set, from 1 */
            line: number;
            /** @enum {string} */
            split: "train" | "evaluation";
            /**
             * @description `no-passages`: the template wants passages, and the example has none at that place
             * @enum {string}
             */
            reason: "no-trained-tokens" | "role-order" | "too-long" | "no-passages";
        };
        TunedModel: {
            /** Format: uuid */
            id: string;
            name: string | null;
            /** @enum {string} */
            origin: "trained" | "uploaded";
            digest: string;
            bytes: number;
            base: {
                host: string;
                name: string;
                digest: string | null;
            };
            card: components["schemas"]["ModelCard"];
            /**
             * Format: uuid
             * @description The run that trained it
             */
            run: string | null;
            node: string | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            updatedAt: string;
        };
        /** @description What is not known of a model that somebody brought along is null */
        ModelCard: {
            base: {
                name: string;
                digest: string;
                licence: string | null;
            };
            dataset: {
                sha256: string;
                examples: {
                    train: number;
                    evaluation: number;
                };
            } | null;
            /** @description The template that it was trained with, and wants to be asked with */
            prompt: {
                system: string;
                template: string;
            } | null;
            settings: {
                rank: number;
                alpha: number;
                dropout: number;
                learningRate: number;
                /** @enum {string} */
                schedule: "cosine" | "linear" | "constant";
                warmup: number;
                epochs: number;
                batchSize: number;
                maximumLength: number;
                evaluationsPerEpoch: number;
                patience: number;
                seed: number;
                /** @enum {string} */
                precision: "auto" | "float32" | "bfloat16" | "float16";
                /** @enum {string} */
                quantisation: "none" | "nf4";
            } | null;
            training: {
                steps: number;
                /** @enum {string} */
                stopped: "complete" | "early" | "asked";
                evaluationLoss: {
                    before: number;
                    best: number;
                } | null;
                seconds: number;
                rows: {
                    train: number;
                    evaluation: number;
                };
                tokens: {
                    train: number;
                    trained: number;
                };
                hardware: string;
                /** @enum {string} */
                device: "cpu" | "cuda";
                precision: string;
                peakMemory: number | null;
                /** @description Seconds of processors and of GPUs; left out by trainings before it was measured */
                work?: {
                    processorSeconds: number | null;
                    deviceSeconds: number | null;
                };
                /** @description Of the whole machine while it trained: of processors and of GPUs. Null: it does not tell */
                energy?: {
                    processorJoules: number | null;
                    deviceJoules: number | null;
                };
                /** @description Losses by step, thinned where there are many. Lists leave it out */
                curve?: {
                    step: number;
                    loss?: number;
                    evaluationLoss?: number;
                }[];
            } | null;
        };
        Endpoint: {
            slug: string;
            /** @description Moves to each successful new build of its version */
            follow: boolean;
            routes: {
                /** Format: uuid */
                flow: string;
                version: number;
                build: number;
                output: string;
                /** @default 1 */
                weight: number;
            }[];
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            updatedAt: string;
        };
        ApiKey: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description The first characters, to tell keys apart */
            prefix: string;
            scopes: ("v1" | "api")[];
            /** @description Slugs that it may call; null: all */
            endpoints: string[] | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            lastUsedAt: string | null;
        };
        ConversationTurn: {
            number: number;
            messages: {
                /** @enum {string} */
                role: "system" | "user" | "assistant";
                content: string;
            }[];
            /** Format: uuid */
            run: string;
            /** @description What answered; null where the run is no longer kept */
            answeredBy: {
                /** Format: uuid */
                flow: string;
                version: number;
                build: number | null;
            } | null;
            subject: string | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
        };
        Conversation: {
            name: string;
            /** @description What answers, as long as the endpoint has it; its build may move */
            route: {
                /** Format: uuid */
                flow: string;
                version: number;
                output: string;
            };
            turns: number;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was used last
             */
            updatedAt: string;
        };
        QuestionSet: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description Of its rows as JSON Lines: what `…/file` gives */
            sha256: string;
            /** @description Rows were forgotten since, so the rows are no longer those of the hash */
            redacted: boolean;
            /** @enum {string} */
            source: "rows" | "file" | "conversations" | "feedback";
            counts: {
                rows: number;
                clusters: number;
                withReference: number;
                withPassages: number;
                unanswerable: number;
                topics: number;
            };
            findings: components["schemas"]["RowFinding"][];
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
        };
        RowFinding: {
            /** @enum {string} */
            code: "row-unreadable" | "question-missing" | "reference-missing" | "row-duplicate" | "row-too-long" | "document-unreadable";
            /** @description False: the rows are kept, and something about them is to be known */
            leftOut: boolean;
            message: components["schemas"]["LocalisedText"];
            count: number;
            places: {
                document: string | null;
                line: number | null;
                question: string;
                detail: string;
            }[];
        };
        QuestionSetSource: {
            /** @enum {string} */
            kind: "rows";
            rows: unknown[];
        } | {
            /** @enum {string} */
            kind: "file";
            /** Format: uuid */
            file: string;
        } | {
            /** @enum {string} */
            kind: "conversations";
            /** Format: uuid */
            collection: string;
            /** @description Of its files; left out: all */
            names?: string[];
        } | {
            /** @enum {string} */
            kind: "feedback";
            endpoint: string;
            /**
             * @description From which an answer is a reference
             * @default 0.7
             */
            lowestScore: number;
        };
        StoredQuestion: components["schemas"]["Question"] & {
            id: string;
            cluster: string;
            number: number;
        };
        Question: {
            /** @description Left out, it is numbered */
            id?: string;
            question: string;
            /**
             * @description Right answers; the best match counts
             * @default []
             */
            references: string[];
            /**
             * @description Where the answer stands, if known
             * @default []
             */
            passages: {
                /** @description Id or name of the document; all of it counts where no text is given */
                document?: string;
                /** @description What has to stand in a passage for it to count as found */
                text?: string;
            }[];
            /** @default null */
            topic: string | null;
            /**
             * @description Questions on one conversation or document are not independent of one another; null: it stands for itself
             * @default null
             */
            cluster: string | null;
            /**
             * @description False: the documents do not tell, so refuse
             * @default true
             */
            answerable: boolean;
            /**
             * @description Values of further inputs of the flows
             * @default {}
             */
            inputs: {
                [key: string]: unknown;
            };
        };
        ExperimentWarning: {
            /** @enum {string} */
            code: "host-differs" | "quantisation-differs" | "model-differs" | "sampling-differs" | "limit-differs" | "model-unpinned" | "trained-on-questions" | "training-data-unknown" | "few-clusters" | "one-question";
            /** @description Keys of the arms concerned */
            arms: string[];
            message: components["schemas"]["LocalisedText"];
        };
        ExperimentSettings: {
            name: string;
            arms: components["schemas"]["ArmRequest"][];
            /**
             * @description Place in `arms` of the one that others are compared to
             * @default 0
             */
            baseline: number;
            /** Format: uuid */
            questionSet: string;
            /**
             * @description The input of the flows that takes the question
             * @default question
             */
            input: string;
            /** @default 1 */
            repetitions: number;
            /** @description Left out, one is drawn and stored */
            seed?: number;
            /**
             * @description k of recall@k and nDCG@k
             * @default 5
             */
            retrievedPassages: number;
            /**
             * @description For semantic similarity; null: none
             * @default null
             */
            embedding: {
                host: string;
                model: string;
            } | null;
            /**
             * @description A chat model that judges; null: none
             * @default null
             */
            judge: {
                host: string;
                model: string;
            } | null;
            /**
             * @description Also compares on questions that an arm’s model was trained on
             * @default false
             */
            includeTrained: boolean;
            /**
             * @description Null: adding facts is not measured
             * @default null
             */
            probe: {
                /**
                 * Format: uuid
                 * @description Where they would be added; nothing is written to it
                 */
                collection: string;
                documents: {
                    name: string;
                    text: string;
                }[];
                /** @description Known is a fact whose reference stands in the answer */
                questions: {
                    question: string;
                    reference: string;
                }[];
                /**
                 * @description Trains models again that learn from the collection and retrieve nothing; it may take days
                 * @default false
                 */
                retrain: boolean;
            } | null;
            /**
             * @description Id of the metric that decides. Null: F1 of characters or of tokens, by how the references are written
             * @default null
             */
            primary: string | null;
        };
        ArmRequest: {
            /** @description Left out: the name of the output */
            name?: string;
            /** Format: uuid */
            flow: string;
            version: number;
            build: number;
            output: string;
        };
        Experiment: {
            /** Format: uuid */
            id: string;
            name: string;
            /**
             * Format: uuid
             * @description Its events tell the progress; cancel it there
             */
            run: string;
            /** @enum {string} */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            error: components["schemas"]["ErrorReport"];
            /** @description What POST takes, so that sending it again runs it again */
            settings: components["schemas"]["ExperimentSettings"] & {
                seed: number;
            };
            arms: {
                key: string;
                name: string;
                flowName: string;
            }[];
            questions: number;
            answers: {
                planned: number;
                made: number;
                failed: number;
            };
            warnings: components["schemas"]["ExperimentWarning"][];
            form: components["schemas"]["ExperimentForm"];
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            endedAt: string | null;
        };
        /** @description What was said beside the data, so far */
        ExperimentForm: {
            /** @default null */
            factsChange: {
                everyDays: number;
            } | "never" | null;
            /**
             * @description 19 of 20 answers have to be there within so many seconds
             * @default null
             */
            latencyLimit: {
                /** @enum {string} */
                of: "firstToken" | "total";
                seconds: number;
            } | null;
            /** @default null */
            budget: {
                preparation: number | null;
                monthly: number | null;
            } | null;
            /** @default null */
            questionsPerMonth: number | null;
            /** @default null */
            prices: {
                currency: string;
                /** @default null */
                cpuHour: number | null;
                /** @default null */
                gpuHour: number | null;
                /** @default null */
                kilowattHour: number | null;
                /** @default null */
                millionTokensIn: number | null;
                /** @default null */
                millionTokensOut: number | null;
            } | null;
            /**
             * @description Of the main metric, that is worth a dearer preparation: 0.05 is 5 points
             * @default null
             */
            smallestDifference: number | null;
        };
        ExperimentReport: {
            /** @enum {string} */
            format: "kumiki/report@1";
            experiment: {
                /** Format: uuid */
                id: string;
                name: string;
                /** Format: uuid */
                run: string;
                /** @enum {string} */
                state: "succeeded" | "failed" | "cancelled";
                /** @description False: some of the planned answers were not made */
                complete: boolean;
                /** @description Version of the program */
                kumiki: string;
                /**
                 * Format: date-time
                 * @description UTC, ISO 8601
                 */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description UTC, ISO 8601
                 */
                startedAt: string | null;
                /**
                 * Format: date-time
                 * @description UTC, ISO 8601
                 */
                endedAt: string | null;
            };
            /** @description ExperimentSettings: POST it to run it again */
            settings: {
                [key: string]: unknown;
            };
            reproduce: {
                seed: number;
                questionSet: {
                    /** Format: uuid */
                    id: string;
                    name: string;
                    sha256: string;
                    redacted: boolean;
                };
                order: components["schemas"]["LocalisedText"] & unknown;
                promptCache: components["schemas"]["LocalisedText"];
                hardware: string;
            };
            arms: components["schemas"]["ReportArm"][];
            warnings: {
                code: string;
                arms: string[];
                message: components["schemas"]["LocalisedText"];
            }[];
            counts: {
                rows: number;
                clusters: number;
                repetitions: number;
                planned: number;
                answered: number;
                refused: number;
                failed: number;
                leftOut: components["schemas"]["LeftOut"][];
            };
            /** @description What those of the comparison are */
            metrics: components["schemas"]["ReportMetric"][];
            comparison: components["schemas"]["Comparison"];
            facts: components["schemas"]["ArmFacts"][];
            /** @description In the currency of the form */
            costs: components["schemas"]["ArmCost"][];
            /** @description Null: no judge was asked, and its metrics are not applicable */
            judge: {
                host: string;
                model: string;
                digest: string | null;
                prompts: {
                    [key: string]: string;
                };
                pairs: number;
                /** @description The two orders led to different verdicts: counted as ties */
                disagreements: number;
                /** @description Pairs of which an answer of the judge could not be read */
                rubbish: number;
                /** @description Pairs that the judge could not be asked about */
                failed: number;
                error: components["schemas"]["ErrorReport"] & unknown;
                wins: {
                    arm: string;
                    against: string;
                    won: number;
                    lost: number;
                    /** @description Disagreements of the two orders among them */
                    tied: number;
                    disagreements: number;
                    unreadable: number;
                    /** @description Won minus lost over the readable pairs, from -1 to 1 */
                    preference: number | null;
                    interval: components["schemas"]["Interval"];
                    /** @description Before any adjustment for other comparisons */
                    test: {
                        method: string;
                        p: number;
                    } | null;
                }[];
            } | null;
            labels: {
                pairs: number;
                labelled: number;
                /** @description Cohen’s kappa between people and the judge */
                kappa: number | null;
                /** @description Why there is no kappa */
                kappaAbsence: components["schemas"]["LocalisedText"] | null;
                wins: {
                    arm: string;
                    against: string;
                    won: number;
                    lost: number;
                    /** @description Disagreements of the two orders among them */
                    tied: number;
                    disagreements: number;
                    unreadable: number;
                    /** @description Won minus lost over the readable pairs, from -1 to 1 */
                    preference: number | null;
                    interval: components["schemas"]["Interval"];
                    /** @description Before any adjustment for other comparisons */
                    test: {
                        method: string;
                        p: number;
                    } | null;
                }[];
            };
            form: components["schemas"]["ExperimentForm"];
            decision: {
                outcome: components["schemas"]["DecisionOutcome"];
                headline: components["schemas"]["LocalisedText"];
                reasons: {
                    code: string;
                    message: components["schemas"]["LocalisedText"];
                    facts: {
                        [key: string]: unknown;
                    };
                }[];
                excluded: {
                    code: string;
                    message: components["schemas"]["LocalisedText"];
                    facts: {
                        [key: string]: unknown;
                    };
                }[];
                wouldChange: {
                    code: string;
                    message: components["schemas"]["LocalisedText"];
                    facts: {
                        [key: string]: unknown;
                    };
                }[];
                /** @description What the form does not say, or was not measured */
                missing: {
                    code: string;
                    message: components["schemas"]["LocalisedText"];
                    facts: {
                        [key: string]: unknown;
                    };
                }[];
                /** @description What this measurement cannot tell */
                cannotSay: components["schemas"]["LocalisedText"][];
            };
        };
        ReportArm: {
            key: string;
            name: string;
            /** @enum {string} */
            kind: "base" | "retrieval" | "tuned" | "tuned-retrieval";
            baseline: boolean;
            /** Format: uuid */
            flow: string;
            flowName: string;
            version: number;
            versionSha256: string;
            build: number;
            output: string;
            fingerprints: {
                node: string;
                fingerprint: string;
            }[];
            models: {
                node: string;
                /** @enum {string} */
                purpose: "chat" | "embedding";
                host: string;
                name: string;
                digest: string | null;
                /** @description Digest of the adapter of a tuned model */
                adapter: string | null;
                quantisation: string | null;
            }[];
            sampling: {
                node: string;
                settings: {
                    [key: string]: unknown;
                };
            }[];
            answers: {
                made: number;
                answered: number;
                refused: number;
                failed: number;
            };
            /** @description Empty: nothing had to be trained */
            trained: components["schemas"]["ReportTrainedModel"][];
            /** @description Texts and vectors of indexes, data sets and adapters; null: not known */
            diskBytes: number | null;
            /** @description Bytes that models held, where the host tells */
            peakMemory: number | null;
            /** @description Seconds, but for tokens per second after the first */
            speed: {
                /** @description Null: not measured */
                firstToken: {
                    p50: number;
                    p95: number;
                    answers: number;
                } | null;
                /** @description Null: not measured */
                total: {
                    p50: number;
                    p95: number;
                    answers: number;
                } | null;
                /** @description Null: not measured */
                tokensPerSecond: {
                    p50: number;
                    p95: number;
                    answers: number;
                } | null;
            };
            /** @description Mean per answer */
            tokens: {
                in: number | null;
                out: number | null;
            };
        };
        /** @description What is not known of it is null */
        ReportTrainedModel: {
            node: string;
            name: string;
            steps: number | null;
            seconds: number | null;
            rows: number | null;
            tokens: number | null;
            hardware: string | null;
            /** @description Bytes */
            peakMemory: number | null;
            /** @description Of the whole machine while it trained: of processors and of GPUs. Null: it does not tell */
            energy: {
                processorJoules: number | null;
                deviceJoules: number | null;
            } | null;
            /** @description Empty where the run that trained it is no longer kept */
            losses: {
                step: number;
                loss: number | null;
                evaluationLoss: number | null;
            }[];
        };
        LeftOut: {
            reason: string;
            /** @description Null: before any arm was asked */
            arm: string | null;
            count: number;
            message: components["schemas"]["LocalisedText"];
            /** @description Numbers of the first of them; empty for rows that are in no set */
            rows: number[];
        };
        ReportMetric: {
            id: string;
            title: components["schemas"]["LocalisedText"];
            /** @enum {string} */
            kind: "right-wrong" | "score" | "amount";
            /** @enum {string} */
            unit: "share" | "seconds" | "tokens" | "bytes";
            /** @enum {string} */
            better: "higher" | "lower";
            range: [
                number,
                number | null
            ];
            formula: components["schemas"]["LocalisedText"];
            limits: components["schemas"]["LocalisedText"] & unknown;
            source: string;
        };
        Comparison: {
            baseline: string;
            /** @example character-f1 */
            primary: string;
            seed: number;
            rows: number;
            clusters: number;
            arms: {
                arm: string;
                /** @description Rows with at least one measured repetition */
                measured: number;
                leftOut: {
                    reason: string;
                    rows: number;
                }[];
                /** @description Answers that were measured or failed */
                asked: number;
                failed: number;
            }[];
            metrics: {
                metric: {
                    /** @example character-f1 */
                    id: string;
                    /** @enum {string} */
                    kind: "right-wrong" | "score" | "amount";
                    /** @enum {string} */
                    unit: "share" | "seconds" | "tokens" | "bytes";
                    /** @enum {string} */
                    better: "higher" | "lower";
                    range: [
                        number,
                        number | null
                    ];
                };
                arms: components["schemas"]["ArmSummary"][];
                /** @description Every pair once; those with the baseline first */
                differences: components["schemas"]["Difference"][];
                incomparable: {
                    arm: string;
                    against: string;
                }[];
                topics: components["schemas"]["TopicSummary"][];
            }[];
        };
        ArmSummary: {
            arm: string;
            own: components["schemas"]["Estimate"];
            common: components["schemas"]["Estimate"] & unknown;
            leftOut: {
                reason: string;
                rows: number;
            }[];
        };
        /** @description Over all rows in which the arm has a value */
        Estimate: {
            mean: number;
            median: number;
            p95: number;
            rows: number;
            clusters: number;
            interval: components["schemas"]["Interval"];
        } | null;
        /** @description 95%, or why there is none */
        Interval: {
            /** @enum {string} */
            kind: "interval";
            low: number;
            high: number;
        } | {
            /** @enum {string} */
            kind: "too-few-clusters";
            clusters: number;
            needed: number;
        } | {
            /** @enum {string} */
            kind: "no-variation";
        };
        Difference: {
            arm: string;
            against: string;
            rows: number;
            clusters: number;
            means: {
                arm: number;
                against: number;
            };
            /** @description Arm minus against */
            mean: number;
            interval: components["schemas"]["Interval"];
            test: {
                /** @enum {string} */
                method: "sign-flip-exact" | "sign-flip-sampled" | "cluster-t";
                p: number;
                /** @description After Holm */
                adjusted: number;
            } | null;
            /** @description The interval leaves zero out, and so does the test after Holm */
            shown: boolean;
            effect: {
                standardised: number | null;
                better: number;
                worse: number;
                equal: number;
            };
            power: components["schemas"]["PowerNote"];
            leftOut: {
                reason: string;
                rows: number;
                arm: string;
            }[];
        };
        PowerNote: {
            power: number;
            level: number;
            rows: number;
            clusters: number;
            /** @description The smallest true difference that is found with this power */
            visible: number;
            wanted: number;
            neededRows: number;
            neededClusters: number;
        } | null;
        TopicSummary: {
            topic: string;
            arms: {
                arm: string;
                estimate: components["schemas"]["Estimate"];
            }[];
            differences: {
                arm: string;
                against: string;
                rows: number;
                clusters: number;
                mean: number;
                interval: components["schemas"]["Interval"];
            }[];
        };
        /** @description What was measured beside answers; null: not measured */
        ArmFacts: {
            arm: string;
            preparation: {
                cpuSeconds: number | null;
                gpuSeconds: number | null;
                kilowattHours: number | null;
                seconds: number;
            } | null;
            newFacts: {
                /** @enum {string} */
                kind: "no-way-in";
            } | {
                /** @enum {string} */
                kind: "measured";
                seconds: number;
                retrains: boolean;
                work: {
                    cpuSeconds: number | null;
                    gpuSeconds: number | null;
                    kilowattHours: number | null;
                };
                asked: number;
                known: number;
            } | null;
            latency: {
                /** @description Seconds */
                firstToken: {
                    p50: number;
                    p95: number;
                    answers: number;
                } | null;
                /** @description Seconds */
                total: {
                    p50: number;
                    p95: number;
                    answers: number;
                } | null;
            };
            perThousandAnswers: {
                cpuSeconds: number | null;
                gpuSeconds: number | null;
                kilowattHours: number | null;
                tokensIn: number | null;
                tokensOut: number | null;
            } | null;
        };
        ArmCost: {
            arm: string;
            preparation: number | null;
            perThousandAnswers: number | null;
            monthly: number | null;
        };
        DecisionOutcome: {
            /** @enum {string} */
            kind: "recommended";
            arm: string;
        } | {
            /** @enum {string} */
            kind: "not-enough-evidence";
            between: string[];
        } | {
            /** @enum {string} */
            kind: "no-arm-fits";
        };
        ExperimentRow: {
            number: number;
            id: string;
            question: string;
            references: string[];
            topic: string | null;
            cluster: string;
            answerable: boolean;
            /** @description Not part of comparisons: an arm’s model was trained on it */
            leftOut: boolean;
            /** @description Best arm less worst, in the main metric */
            difference: number | null;
            answers: components["schemas"]["ExperimentAnswer"][];
            judgements: {
                arms: [
                    string,
                    string
                ];
                /** @description Key of an arm; null: a tie, or the two orders disagree */
                preferred: string | null;
                /** @description Whether both orders led to the same verdict */
                agreed: boolean;
                reasons: string[];
            }[];
        };
        ExperimentAnswer: {
            arm: string;
            repetition: number;
            /** @enum {string} */
            state: "answered" | "refused" | "failed";
            text: string | null;
            citations: components["schemas"]["Citation"][];
            passages: {
                documentId: string;
                documentName: string;
                text: string;
            }[];
            /** @description By metric, in the metric’s own unit */
            scores: {
                [key: string]: components["schemas"]["MetricValue"];
            };
            firstTokenMilliseconds: number | null;
            totalMilliseconds: number;
            usage: components["schemas"]["TokenUsage"];
            error: components["schemas"]["ErrorReport"];
        };
        /** @description Where a metric does not apply, the reason; never 0 */
        MetricValue: number | {
            notApplicable: string;
        };
        LabelPair: {
            pair: number;
            question: string;
            references: string[];
            left: string;
            right: string;
            /**
             * @description What this person said before
             * @enum {string|null}
             */
            verdict: "left" | "right" | "tie" | null;
        };
        Answer: {
            output?: unknown;
            citations: components["schemas"]["Citation"][];
            usage: components["schemas"]["TokenUsage"];
            /** Format: uuid */
            run: string;
            arm: {
                /** Format: uuid */
                flow: string;
                version: number;
                build: number;
                output: string;
            };
        };
        OpenAiError: {
            error: {
                message: string;
                type: string;
                param: string | null;
                code: string | null;
            };
        };
        Schedule: {
            /**
             * @description Null: the draft, as it is when the schedule fires
             * @default null
             */
            version: number | null;
            /**
             * @description Minute, hour, day of month, month, day of week
             * @example 0 3 * * *
             */
            cron: string;
            /**
             * @description IANA name
             * @default Asia/Tokyo
             * @example Asia/Tokyo
             */
            timeZone: string;
            /** @default true */
            enabled: boolean;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            flow: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            nextAt: string | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            lastAt: string | null;
            /**
             * Format: uuid
             * @description The run that it began last
             */
            lastRun: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
