using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>
/// Turns the footer's flat list of elements into fields: resolves logical types, lists in their present and their older forms, maps, and
/// the levels by which values are put together (Dremel, section 4 of https://research.google/pubs/pub36632/).
/// </summary>
internal sealed class SchemaBuilder
{
    private const int DeepestNesting = 64;

    private readonly SchemaElement[] _elements;
    private readonly List<LeafColumn> _leaves = [];
    private int _next;

    private SchemaBuilder(SchemaElement[] elements) => _elements = elements;

    /// <summary>Builds the fields.</summary>
    /// <param name="elements">The footer's elements, the root first.</param>
    /// <param name="leaves">The columns in the order of every row group.</param>
    /// <exception cref="DamagedException">The schema makes no sense.</exception>
    public static ParquetField[] Build(SchemaElement[] elements, out LeafColumn[] leaves)
    {
        if (elements.Length == 0) throw Malformed("it has no elements");
        var builder = new SchemaBuilder(elements);
        Node root = builder.ReadNode(0);
        if (builder._next != elements.Length) throw Malformed($"{elements.Length - builder._next} elements belong to no group");
        if (elements.Length > 1 && root.Children.Length == 0) throw Malformed("its root is a column");
        var fields = new ParquetField[root.Children.Length];
        for (int i = 0; i < fields.Length; i++) fields[i] = builder.BuildField(root.Children[i], new Levels(0, 0, 0, 0, []), []);
        leaves = [.. builder._leaves];
        return fields;
    }

    private sealed record Node(SchemaElement Element, Node[] Children)
    {
        public string Name => Element.Name;

        public bool IsRepeated => Element.Repetition == (int)Repetition.Repeated;

        public bool IsList => Element.Logical?.Kind == 3 || Element.ConvertedType == 3;

        // MAP_KEY_VALUE on the outer group is what old writers put in place of MAP.
        public bool IsMap => Element.Logical?.Kind == 2 || Element.ConvertedType is 1 or 2;
    }

    /// <param name="Definition">Definition level reached by the parents.</param>
    /// <param name="Repetition">Repetition level reached by the parents.</param>
    /// <param name="EntryDefinition">What starts an entry, see <see cref="ParquetField.EntryDefinition"/>.</param>
    /// <param name="EntryRepetition">What starts an entry, see <see cref="ParquetField.EntryRepetition"/>.</param>
    /// <param name="ListDefinitions">The definition level that an element of each list around has, the outermost first.</param>
    private readonly record struct Levels(int Definition, int Repetition, int EntryDefinition, int EntryRepetition, int[] ListDefinitions)
    {
        public Levels Optional => this with { Definition = Definition + 1 };

        public Levels Element => new(Definition + 1, Repetition + 1, Definition + 1, Repetition + 1, [.. ListDefinitions, Definition + 1]);
    }

    private Node ReadNode(int depth)
    {
        if (depth > DeepestNesting) throw Malformed($"groups are nested more than {DeepestNesting} deep");
        SchemaElement element = _elements[_next++];
        if (element.ChildCount < 0 || element.ChildCount > _elements.Length - _next)
            throw Malformed($"'{element.Name}' says {element.ChildCount} children, {_elements.Length - _next} elements follow");
        if (depth > 0 && element.Repetition is not (>= 0 and <= 2))
            throw Malformed($"'{element.Name}' has repetition {element.Repetition}");
        // The limit of children is checked one by one: a group cannot reserve elements that its siblings need.
        var children = new List<Node>();
        for (int i = 0; i < element.ChildCount; i++)
        {
            if (_next >= _elements.Length) throw Malformed($"'{element.Name}' says {element.ChildCount} children, {i} follow");
            children.Add(ReadNode(depth + 1));
        }

        return new Node(element, [.. children]);
    }

    private ParquetField BuildField(Node node, Levels levels, string[] path)
    {
        path = [.. path, node.Name];
        if (!node.IsRepeated) return BuildSingle(node, levels, path);
        // A repeated field outside LIST and MAP is a list of required elements, never null itself.
        int first = _leaves.Count;
        ParquetField element = BuildSingle(node, levels.Element, path);
        return Wrap(node.Name, FieldShape.List, element, levels, isNullable: false, first);
    }

    private ParquetField BuildSingle(Node node, Levels levels, string[] path)
    {
        bool nullable = node.Element.Repetition == (int)Repetition.Optional;
        Levels inner = nullable ? levels.Optional : levels;
        if (node.Children.Length == 0) return BuildValue(node, levels, inner, nullable, path);
        if (node.Children is [{ IsRepeated: true } repeated])
        {
            int first = _leaves.Count;
            if (node.IsMap && repeated.Children.Length is 1 or 2)
            {
                ParquetField pair = BuildStruct(repeated, inner.Element, inner.Element, isNullable: false, [.. path, repeated.Name]);
                return Wrap(node.Name, FieldShape.Map, pair, levels, nullable, first, inner.Definition);
            }

            if (node.IsList)
            {
                ParquetField element = BuildElement(node, repeated, inner.Element, [.. path, repeated.Name]);
                return Wrap(node.Name, FieldShape.List, element, levels, nullable, first, inner.Definition);
            }
        }

        return BuildStruct(node, levels, inner, nullable, path);
    }

    /// <summary>The element of a list by the rules for backward compatibility of LogicalTypes.md, "Lists".</summary>
    private ParquetField BuildElement(Node list, Node repeated, Levels levels, string[] path)
    {
        bool isElement = repeated.Children.Length != 1
            || repeated.Children[0].IsRepeated
            || repeated.Name == "array" || repeated.Name == list.Name + "_tuple";
        return isElement ? BuildSingle(repeated, levels, path) : BuildField(repeated.Children[0], levels, path);
    }

    private ParquetField BuildStruct(Node node, Levels outer, Levels inner, bool isNullable, string[] path)
    {
        int first = _leaves.Count;
        var children = new ParquetField[node.Children.Length];
        for (int i = 0; i < children.Length; i++) children[i] = BuildField(node.Children[i], inner, path);
        return new ParquetField(node.Name, FieldShape.Struct, isNullable)
        {
            Children = children,
            Leaves = (first, _leaves.Count - first),
            EntryDefinition = outer.EntryDefinition,
            EntryRepetition = outer.EntryRepetition,
            PresentDefinition = inner.Definition,
        };
    }

    private ParquetField Wrap(
        string name, FieldShape shape, ParquetField child, Levels outer, bool isNullable, int first, int? present = null) =>
        new(name, shape, isNullable)
        {
            Children = [child],
            Leaves = (first, _leaves.Count - first),
            EntryDefinition = outer.EntryDefinition,
            EntryRepetition = outer.EntryRepetition,
            PresentDefinition = present ?? outer.Definition,
        };

    private ParquetField BuildValue(Node node, Levels outer, Levels inner, bool isNullable, string[] path)
    {
        ParquetValueType type = ValueTypes.Resolve(node.Element);
        var leaf = new LeafColumn(_leaves.Count, string.Join('.', path), type, inner.Definition, inner.ListDefinitions);
        _leaves.Add(leaf);
        return new ParquetField(node.Name, FieldShape.Value, isNullable)
        {
            Type = leaf.Type,
            Leaf = leaf,
            Leaves = (leaf.Index, 1),
            EntryDefinition = outer.EntryDefinition,
            EntryRepetition = outer.EntryRepetition,
            PresentDefinition = inner.Definition,
        };
    }

    private static DamagedException Malformed(string what) => new(Catalogue.ParquetSchemaMalformed, what);
}
