"""Prints, as JSON, what the Python SDK in a folder shows: the Face of face.ts. Reads, never runs it."""

import ast
import json
import pathlib
import re
import sys

PLAIN = {"str": "string", "int": "number", "float": "number", "bool": "boolean"}


class Package:
    def __init__(self, folder):
        self.folder = folder
        self.blocks = {}
        for file in ("_inputs.py", "outputs.py"):
            for node in self.classes(folder / file):
                self.blocks[(file, node.name)] = node

    @staticmethod
    def classes(file):
        return [n for n in ast.parse(file.read_text("utf8")).body if isinstance(n, ast.ClassDef)]

    def text(self, node, blocks="_inputs.py"):
        """The type of an annotation without Input, Output and Optional around it."""
        if isinstance(node, ast.Attribute):
            return PLAIN[node.attr]
        if isinstance(node, ast.Name):
            return PLAIN[node.id]
        if isinstance(node, ast.Constant):
            file = "outputs.py" if node.value.startswith("outputs.") else blocks
            return self.block_text(file, node.value.removeprefix("outputs."))
        name = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
        if name in ("Input", "Output", "Optional"):
            return self.text(node.slice, blocks)
        if name == "Sequence":
            return self.text(node.slice, blocks) + "[]"
        if name == "Mapping":
            return "{[key]: " + self.text(node.slice.elts[1], blocks) + "}"
        if name == "Union":
            return self.text(node.slice.elts[0], blocks)
        raise ValueError(ast.unparse(node))

    def block_text(self, file, name):
        properties = self.properties(self.blocks[(file, name)])
        parts = sorted(
            f"{key}{'' if value['required'] else '?'}: {value['type']}"
            for key, value in properties.items()
        )
        # sorted by name, as in TypeScript: "?" and ":" must not take part
        parts.sort(key=lambda part: re.match(r"\w+", part).group())
        return "{" + "; ".join(parts) + "}"

    def properties(self, node):
        """The getters of a class, under the names that all languages share."""
        found = {}
        for item in node.body:
            if not isinstance(item, ast.FunctionDef) or item.returns is None:
                continue
            shared = shared_name(item)
            if shared:
                found[shared] = self.property(item.returns)
        return found

    def property(self, annotation):
        return {"type": self.text(annotation), "required": not is_optional(annotation)}

    def look_up_input(self, annotation):
        """Every argument of a look-up may be left out in Python; one that truly may is Optional twice."""
        return {"type": self.text(annotation), "required": not is_optional(annotation.slice.slice)}

    def look_up(self, module):
        """The inputs and results of a module that holds one function in several forms."""
        functions = {n.name: n for n in module.body if isinstance(n, ast.FunctionDef)}
        name = min(functions, key=len)
        result = next(n for n in module.body if isinstance(n, ast.ClassDef))
        function = functions[name + "_output"]
        inputs = {}
        for argument in function.args.args:
            if argument.arg != "opts":
                inputs[sent_name(function, argument.arg)] = self.look_up_input(argument.annotation)
        return token_of(module, "invoke"), {
            "inputs": inputs,
            "results": self.properties(result),
        }


def is_optional(annotation):
    if not isinstance(annotation, ast.Subscript):
        return False
    name = annotation.value.attr if isinstance(annotation.value, ast.Attribute) else annotation.value.id
    return name == "Optional" or (name in ("Input", "Output") and is_optional(annotation.slice))


def shared_name(getter):
    for decorator in getter.decorator_list:
        called = isinstance(decorator, ast.Call)
        if ast.unparse(decorator.func if called else decorator) == "pulumi.getter":
            return decorator.keywords[0].value.value if called else getter.name
    return None


def sent_name(function, argument):
    """`__args__['projectId'] = project_id` says under which name an argument is sent."""
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Subscript)
            and isinstance(node.value, ast.Name)
            and node.value.id == argument
        ):
            return node.targets[0].slice.value
    raise ValueError(f"{function.name} never sends {argument}")


def token_of(tree, called):
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == called
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            return node.args[0].value
    return None


def read(folder):
    package = Package(folder)
    face = {"resources": {}, "functions": {}, "provider": {}, "tokens": {}}
    for file in sorted(folder.glob("*.py")):
        module = ast.parse(file.read_text("utf8"))
        classes = {n.name: n for n in module.body if isinstance(n, ast.ClassDef)}
        if file.name.startswith("get_"):
            token, function = package.look_up(module)
            name = token.split(":")[-1]
            face["functions"][name] = function
            face["tokens"][name] = token
        elif file.name == "provider.py":
            face["provider"] = package.properties(classes["ProviderArgs"])
        else:
            for name, node in classes.items():
                args = classes.get(name + "Args")
                token = token_of(node, "__init__")
                if args and token:
                    face["tokens"][name] = token
                    face["resources"][name] = {
                        "inputs": package.properties(args),
                        "outputs": package.properties(node),
                    }
    return face


json.dump(read(pathlib.Path(sys.argv[1])), sys.stdout)
