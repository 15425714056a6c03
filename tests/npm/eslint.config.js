import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-shadow": "error",
      "no-undef-init": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["geomap/webmap/assets/**"],
    languageOptions: { globals: { ...globals.browser, L: "readonly" } },
    rules: {
      // Foreign text is put on the page as text only, so nothing may write markup.
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc"].map((property) => ({
          property,
          message: "markup never comes from a string: build nodes with el()",
        })),
        { object: "document", property: "write", message: "build nodes with el()" },
      ],
    },
  },
  { files: ["tests/webmap/js/**"], languageOptions: { globals: globals.node } },
];
