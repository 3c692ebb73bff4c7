package org.annona.mapper;

/**
 * Which account stands behind an identity, without its number.
 *
 * @param version rises with every change
 * @param mark equal for equal accounts, also of different identities; a keyed hash
 */
public record AccountMark(int version, byte[] mark) {}
