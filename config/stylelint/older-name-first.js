/* `margin-inline-start` and its like are known from Chrome 69 on; telephones of 2018 with an older engine (Samsung Internet 8,
   UC 12) know `-webkit-margin-start`. So the older name stands before the younger, with the same value. */

import stylelint from "stylelint";

const name = "himaya/older-name-first";
const messages = stylelint.utils.ruleMessages(name, {
  missing: (younger, older) => `"${younger}" needs "${older}" with the same value before it`,
});

const rule = (on) => (root, result) => {
  if (!on) return;
  root.walkDecls(/^(margin|padding|border)-inline-(start|end)$/, (declaration) => {
    const older = declaration.prop.replace("-inline", "").replace(/^/, "-webkit-");
    const before = declaration.prev();
    if (before?.prop !== older || before.value !== declaration.value)
      stylelint.utils.report({ result, ruleName: name, node: declaration, message: messages.missing(declaration.prop, older) });
  });
};
rule.ruleName = name;
rule.messages = messages;

export default stylelint.createPlugin(name, rule);
