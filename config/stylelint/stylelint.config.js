/* What the style sheets of public pages may use: what the browsers of a cheap telephone of 2018 know.

   Two locks. The plugin asks caniuse's tables about the browsers below; the lists name everything that may stand here, so
   that what the tables do not know is refused as well. Whoever adds to a list looks the word up for these browsers first.
   UC Browser 12 is not in the tables of that year: it is built on Chromium 57, which is why the lists go no further than
   that where they can (-webkit-margin-start, grid-gap). */

import olderNameFirst from "./older-name-first.js";

const BROWSERS = ["chrome 70", "samsung 8.2", "firefox 63", "ios_saf 12.2-12.5"];

/* What the tables call unsupported and is no loss, or is known by its older name, or is a mistake of the plugin. */
const IGNORED = [
  "css-logical-props", // margin-, padding-, border-inline-start and -end only: the lists below hold no other
  "css-appearance", // with both prefixes
  "css-math-functions", // takes minmax() for max(); the list of functions below holds neither max() nor min()
  "css-not-sel-list", // takes a pseudo-class in :not() for a list; selector-not-notation below refuses lists
  "css-snappoints", // takes scroll-padding for a part of it; unknown, a heading may stand under the bar
  "css-sticky", // tables of 70 say partial because of table heads; with its prefix for iOS
  "css-overflow", // partial because of `clip`, which is not in the list of values
  "css-resize", "css-selection", "css-scroll-behavior", "text-size-adjust", "text-decoration", // unknown, nothing is lost
  "css-file-selector-button", // has a rule of its own beside the older name
  "font-family-system-ui", // the last but one of several
  "prefers-color-scheme", "prefers-reduced-motion", // unknown, the page is light, and colours change in 120 ms
];

/* Nothing is lost where these are unknown. */
const ORNAMENTS = [
  "accent-color", "color-scheme", "field-sizing", "font-synthesis-weight", "text-decoration-thickness", "text-size-adjust",
  "text-underline-offset", "text-wrap", "-webkit-font-smoothing", "-webkit-text-size-adjust", "-webkit-text-stroke",
  "scroll-behavior", "scroll-padding-top", "resize",
];

const sides = (name) => ["", "-top", "-bottom", "-left", "-right"].map((side) => name + side);
/* The side at which a line begins, where it is not the same at both: a younger name needs its older one before it. */
const INLINE = ["margin", "padding", "border"].flatMap((name) => ["start", "end"].flatMap((side) => [
  `${name}-inline-${side}`, `-webkit-${name}-${side}`,
]));

export default {
  plugins: ["stylelint-no-unsupported-browser-features", olderNameFirst],
  reportDescriptionlessDisables: true,
  reportNeedlessDisables: true,
  rules: {
    "plugin/no-unsupported-browser-features": [true, { browsers: BROWSERS, ignore: IGNORED }],
    "himaya/older-name-first": true,
    "property-allowed-list": [
      /^--/, ...ORNAMENTS, ...INLINE, ...sides("margin"), ...sides("padding"), ...sides("border"),
      "-moz-appearance", "-webkit-appearance", "appearance", "-webkit-user-select", "user-select",
      "align-items", "animation", "background", "background-color", "background-position", "border-color", "border-radius",
      "border-width", "box-sizing", "clear", "clip", "color", "cursor", "display", "fill", "flex", "flex-wrap", "float", "font",
      "font-display", "font-family", "font-size", "font-variant-numeric", "font-weight", "grid-gap", "grid-template-columns",
      "height", "justify-content", "justify-items", "left", "letter-spacing", "line-height", "list-style", "list-style-type",
      "max-height", "max-width", "min-height", "min-width", "opacity", "outline", "outline-offset", "overflow",
      "overflow-wrap", "position", "right", "src", "stroke", "stroke-linecap", "stroke-linejoin", "stroke-width", "text-align",
      "text-decoration", "text-decoration-color", "text-overflow", "top", "bottom", "transform", "transition", "unicode-range",
      "vertical-align", "white-space", "width", "word-break", "z-index",
    ],
    "declaration-property-value-allowed-list": {
      "display": ["none", "block", "inline", "inline-block", "flex", "inline-flex", "grid"],
      "float": ["none", "left", "right"],
      "overflow": ["hidden", "auto", "visible"],
      "overflow-wrap": ["normal", "break-word"],
      "position": ["static", "relative", "absolute", "fixed", "-webkit-sticky", "sticky"],
      "/^(min-|max-)?(width|height)$/": [/^(0|none|auto|100%|70vh|[\d.]+(px|em|rem|ch)|var\(.+\)|calc\(.+\))$/],
    },
    "function-allowed-list": ["calc", "format", "minmax", "rect", "repeat", "rotate", "scaleX", "url", "var"],
    "unit-allowed-list": ["%", "ch", "deg", "em", "fr", "ms", "px", "rem", "vh"],
    "at-rule-allowed-list": ["font-face", "media"],
    "selector-not-notation": "simple",
    "selector-pseudo-class-allowed-list": [
      "empty", "first-child", "focus", "hover", "lang", "last-child", "not", "root",
    ],
    "selector-pseudo-element-allowed-list": [
      "after", "before", "placeholder", "selection", "-webkit-details-marker", "-webkit-progress-bar",
      "-webkit-progress-value", "-moz-progress-bar", "-webkit-file-upload-button", "file-selector-button",
    ],
    "selector-nested-pattern": /^$/,
  },
};
